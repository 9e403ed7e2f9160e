package dev.rszshm.heap.internal.os;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.Variadic;

/**
 * The C library, as jnr-ffi binds it.
 *
 * <p>Names of files are bytes here, with a zero at the end ({@link FileName}).
 *
 * <p>Lengths and offsets are plain {@code long}, as wide as {@code size_t} and {@code off_t} on the
 * systems supported: jnr-ffi reads each annotation by reflection while a process waits for its
 * first heap.
 *
 * <p>Two traps. Functions that are variadic in C must be declared so. And jnr-ffi (to 2.3.4, on
 * x86-64) passes garbage as the sixth argument of a function whose parameters are exactly six
 * integers, so {@code mmap} takes its address as a {@link Pointer}.
 *
 * <p>Public only because jnr-ffi implements it from another class loader.
 */
public interface LibC {
  @Variadic(fixedCount = 2)
  int open(@In byte[] path, int flags, int mode);

  int close(int descriptor);

  int linkat(int oldDirectory, @In byte[] oldPath, int newDirectory, @In byte[] newPath, int flags);

  int unlink(@In byte[] path);

  int rmdir(@In byte[] path);

  Pointer mkdtemp(Pointer template);

  int memfd_create(@In byte[] name, int flags);

  int statx(int directory, @In byte[] path, int flags, int mask, Pointer into);

  int fchmod(int descriptor, int mode);

  int fallocate(int descriptor, int mode, long offset, long length);

  int ftruncate(int descriptor, long length);

  long pread(int descriptor, @Out byte[] into, long length, long offset);

  long pwrite(int descriptor, @In byte[] from, long length, long offset);

  long mmap(Pointer address, long length, int protection, int flags, int descriptor, long offset);

  int munmap(long address, long length);

  int msync(long address, long length, int flags);

  int fsync(int descriptor);

  int madvise(long address, long length, int advice);

  int mlock(long address, long length);

  int munlock(long address, long length);

  int flock(int descriptor, int operation);

  @Variadic(fixedCount = 2)
  int fcntl(int descriptor, int command, Pointer argument);

  /**
   * A system call of no more than four arguments. Not declared variadic, which would take a slower
   * way through jnr-ffi and is the same to a C library on Linux: registers only.
   */
  long syscall(long number, long address, int operation, int value, long timeout);

  @Variadic(fixedCount = 1)
  long syscall(long number, Pointer words, int count, int flags, Pointer timeout, int clock);

  @Variadic(fixedCount = 1)
  long syscall(
      long number, Pointer address, long length, int mode, Pointer mask, long bits, int flags);

  int getpagesize();

  int geteuid();
}
