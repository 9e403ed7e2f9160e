package dev.rszshm.cli.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jnr.ffi.LibraryLoader;
import org.jspecify.annotations.Nullable;

/**
 * Processes that stand still for a while: stopped by SIGSTOP, and sent on by SIGCONT when this is
 * closed, or the JVM ends in whatever way ({@link Resumer}). Those that stood still before are left
 * so.
 */
public final class PausedProcesses implements AutoCloseable {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final int LOOKS = 2000;
  private static final LibC C = LibraryLoader.create(LibC.class).load("c");

  private final Set<Long> paused = new LinkedHashSet<>();
  private final Thread atExit = new Thread(this::resume);
  private @Nullable Resumer resumer;

  /** The function that is called; public for the library that implements it. */
  public interface LibC {
    int kill(int process, int signal);
  }

  /** Pauses nobody yet. */
  public PausedProcesses() {
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Stops processes, and waits until all their threads stand still.
   *
   * @throws IOException if one may not be stopped, or does not stand still
   */
  public void pause(List<Long> processes) throws IOException {
    for (long pid : processes) {
      if (pid == ProcessHandle.current().pid() || isStopped(pid)) {
        continue;
      }
      synchronized (this) {
        ifKilled().add(pid);
        paused.add(pid);
        if (C.kill((int) pid, SIGSTOP) != 0 && isThere(pid)) {
          paused.remove(pid);
          throw new IOException("process " + pid + " may not be stopped by this user");
        }
      }
    }
    for (long pid : processes) {
      await(pid);
    }
  }

  private Resumer ifKilled() throws IOException {
    if (resumer == null) {
      resumer = new Resumer();
    }
    return resumer;
  }

  private static void await(long pid) throws IOException {
    for (int i = 0; i < LOOKS && pid != ProcessHandle.current().pid(); i++) {
      if (isStopped(pid)) {
        return;
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while process " + pid + " was to stand still", e);
      }
    }
    if (pid != ProcessHandle.current().pid()) {
      throw new IOException("process " + pid + " does not stand still");
    }
  }

  private static boolean isThere(long pid) {
    return Files.exists(Path.of("/proc", Long.toString(pid)));
  }

  /** Whether all threads stand still, or there are none any more. */
  private static boolean isStopped(long pid) {
    List<Path> threads = new ArrayList<>();
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(tasks)) {
      entries.forEach(threads::add);
    } catch (IOException e) {
      return true; // it has ended
    }
    for (Path thread : threads) {
      try {
        String stat = Files.readString(thread.resolve("stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        if ("TtZX".indexOf(state) < 0) {
          return false;
        }
      } catch (IOException e) {
        // The thread has ended.
      }
    }
    return true;
  }

  private synchronized void resume() {
    paused.forEach(pid -> C.kill(pid.intValue(), SIGCONT));
    paused.clear();
    if (resumer != null) {
      resumer.close();
      resumer = null;
    }
  }

  /** Sends them on. */
  @Override
  public void close() {
    resume();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the JVM is ending: the hook does it, or has done it
    }
  }
}
