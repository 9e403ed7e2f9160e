package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** What a process asks the system for itself. */
public final class OwnProcess {
  private static final boolean X86 = HostPlatform.isX86();
  private static final long PRCTL = X86 ? 157 : 167;
  private static final long SETSID = X86 ? 112 : 157;
  private static final long SET_PARENT_DEATH_SIGNAL = 1;
  private static final int SIGKILL = 9;
  private static final long PIPE2 = X86 ? 293 : 59;
  private static final int CLOSE_ON_EXEC = 02000000;

  private final LibC c;

  OwnProcess(LibC c) {
    this.c = c;
  }

  /**
   * Has the kernel kill this process when the thread has ended that started it. Holds as long as
   * the current thread lives.
   */
  public boolean endWithParent() {
    return c.syscall(PRCTL, SET_PARENT_DEATH_SIGNAL, SIGKILL, 0, 0) == 0;
  }

  /**
   * Moves this process to a session of its own, without a terminal: no key that is pressed there is
   * for it. A process that leads a group cannot.
   */
  public boolean leaveSession() {
    return c.syscall(SETSID, 0, 0, 0, 0) != -1;
  }

  /**
   * Makes a pipe, which started programs do not inherit.
   *
   * @return the descriptor of its end for reading, and that for writing
   */
  public int[] pipe() {
    Runtime runtime = Runtime.getRuntime(c);
    Pointer ends = Memory.allocateDirect(runtime, 2 * Integer.BYTES, true);
    if (c.syscall(PIPE2, ends.address(), CLOSE_ON_EXEC, 0, 0) != 0) {
      int errno = runtime.getLastError();
      throw new SystemCallException("pipe2", errno, Errno.describe(errno));
    }
    return new int[] {ends.getInt(0), ends.getInt(Integer.BYTES)};
  }
}
