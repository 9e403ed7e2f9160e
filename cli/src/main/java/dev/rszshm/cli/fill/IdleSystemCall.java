package dev.rszshm.cli.fill;

import jnr.ffi.LibraryLoader;

/**
 * A system call that does nothing: signal 0 to the own process group, as the example of ccan's
 * rszshm makes one for each byte, so that it takes long.
 */
final class IdleSystemCall {
  private final LibC c = LibraryLoader.create(LibC.class).load("c");

  /** The one function that is called; public for the library that implements it. */
  public interface LibC {
    int kill(int process, int signal);
  }

  /** Makes the call. */
  void make() {
    if (c.kill(0, 0) != 0) {
      throw new IllegalStateException("kill(0, 0) failed, which the kernel always allows");
    }
  }
}
