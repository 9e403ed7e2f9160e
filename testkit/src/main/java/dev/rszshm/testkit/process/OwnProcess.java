package dev.rszshm.testkit.process;

import jnr.ffi.LibraryLoader;

/** Kills or stops this process with a real signal, for which Java has no call. */
final class OwnProcess {
  private static final int SIGKILL = 9;
  private static final int SIGSTOP = 19;

  private final Signals signals = LibraryLoader.create(Signals.class).failImmediately().load("c");
  private final int pid = signals.getpid();

  /** What is needed of the C library. Public because jnr-ffi implements it elsewhere. */
  public interface Signals {
    /** The id of this process. */
    int getpid();

    /** Sends a signal. */
    int kill(int process, int signal);
  }

  /** Binds the calls, so that later the death is one call. */
  OwnProcess() {
    // The first call of a function costs more than all later ones. Signal 0 only asks.
    signals.kill(pid, 0);
  }

  /** Stops this process with all its threads, this one perhaps a moment after the call. */
  void stop() {
    signals.kill(pid, SIGSTOP);
  }

  /** Ends this process like {@code kill -9}; never returns. */
  void kill() {
    signals.kill(pid, SIGKILL);
    throw new IllegalStateException("SIGKILL did not end process " + pid);
  }
}
