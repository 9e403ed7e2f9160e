package dev.rszshm.heap.spi;

import dev.rszshm.heap.Advice;
import dev.rszshm.heap.ProcessIdentity;
import dev.rszshm.heap.internal.os.LinuxSystemCalls;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * The system calls that heaps make. Heaps call the system in no other way, so a test can replace
 * this by an object that lets a call fail, counts the calls, or ends the process at one of them.
 * {@link #host()} returns those of this machine.
 *
 * <p>Every method throws {@link dev.rszshm.heap.errors.SystemCallException} with the error number
 * of the call when it fails, unless it says otherwise. All methods may be called from any thread.
 */
public interface SystemCalls {

  /** How a wait on a word ended. */
  enum Wait {
    /** Woken by somebody, or, seldom, by nobody. */
    WOKEN,
    /** The word did not hold the expected value. */
    CHANGED,
    /** The time ran out. */
    TIMED_OUT,
    /** A signal came to this thread. Nobody has woken it, and some of the time is left. */
    INTERRUPTED
  }

  /**
   * Returns the calls of this machine.
   *
   * @throws dev.rszshm.heap.errors.UnsupportedPlatformException if this is not a 64-bit
   *     little-endian Linux, or the native library cannot be loaded
   */
  static SystemCalls host() {
    return LinuxSystemCalls.instance();
  }

  /** Opens a file that exists. The descriptor is not inherited by started programs. */
  int open(String path, boolean writable, boolean followLinks);

  /** Creates a file without a name in a directory, open for reading and writing. */
  int createUnnamed(String directory, int mode);

  /** Creates a file under a name that must not exist, open for reading and writing. */
  int createExclusive(String path, int mode);

  /** Gives an open file a name, which must not exist. */
  void link(int descriptor, String path);

  /** Creates a file that lives in memory only and has no name in any directory. */
  int createInMemory(String name);

  /** Forbids, for good, that an in-memory file is ever made shorter. */
  void forbidShrinking(int descriptor);

  /** Removes a name. */
  void unlink(String path);

  /** Makes a private directory from a template that ends in {@code XXXXXX}; returns its name. */
  String makeDirectory(String template);

  /** Removes an empty directory. */
  void removeDirectory(String path);

  /** Closes a descriptor. */
  void close(int descriptor);

  /** Returns what the system knows of the file of a descriptor. */
  FileStatus status(int descriptor);

  /** Sets the permission bits of a file. */
  void setMode(int descriptor, int mode);

  /**
   * Returns how many bytes the file system of a file can hold, empty or not; {@link Long#MAX_VALUE}
   * if that is not known, or without limit.
   */
  default long capacity(int descriptor) {
    return Long.MAX_VALUE;
  }

  /** Allocates a range of a file, making it longer if need be and never shorter. */
  void allocate(int descriptor, long offset, long length);

  /** Gives the blocks of a range back: it reads as zeros, and the file stays as long as it is. */
  void discard(int descriptor, long offset, long length);

  /** Sets the length of a file. */
  void truncate(int descriptor, long length);

  /**
   * Reads from an offset of a file into the array; returns the bytes read, fewer only at the end.
   */
  int read(int descriptor, byte[] into, long offset);

  /** Writes the array at an offset of a file; returns the bytes written. */
  int write(int descriptor, byte[] from, long offset);

  /**
   * Reserves addresses without memory behind them, exactly there or not at all: any access faults.
   *
   * @return the address reserved, which differs from the wanted one only on kernels before 4.17
   */
  long reserve(long address, long length);

  /** Lays a shared mapping of a part of a file over reserved addresses. */
  void overlay(int descriptor, long address, long fileOffset, long length, boolean writable);

  /**
   * Lays a private mapping of a part of a file over reserved addresses, for reading and writing:
   * what is written never reaches the file.
   */
  void overlayPrivately(int descriptor, long address, long fileOffset, long length);

  /**
   * Lays empty pages, which read as zeros and which nobody else sees, over addresses that are
   * mapped. What is there goes in one step; if the call fails, it stays. A thread of this process
   * that stores on such a page sees, by what it loads after that store, what the caller had stored
   * before this call.
   */
  void blank(long address, long length);

  /** Gives addresses back. */
  void unmap(long address, long length);

  /** Writes changed pages of a mapping to storage, waiting for the end if asked. */
  void sync(long address, long length, boolean wait);

  /** Writes what is known of a file or a directory to storage, and waits for it. */
  void syncFile(int descriptor);

  /** Tells the kernel how a range will be used. */
  void advise(long address, long length, Advice advice);

  /** Moves a range of whole huge pages into such pages, at once. */
  void collapse(long address, long length);

  /** Keeps a range in physical memory. */
  void lockInMemory(long address, long length);

  /** Lets a range leave physical memory again. */
  void unlockFromMemory(long address, long length);

  /** Prefers a NUMA node for the pages of a range that are taken from now on. */
  void preferNode(long address, long length, int node);

  /** Tries to take the exclusive {@code flock} of an open file description. */
  boolean tryLockFile(int descriptor);

  /** Drops the {@code flock}. */
  void unlockFile(int descriptor);

  /** Tries to take the open-file-description write lock on one byte of a file. */
  boolean tryLockByte(int descriptor, long offset);

  /** Drops the lock on one byte. */
  void unlockByte(int descriptor, long offset);

  /**
   * Returns whether another open file description holds the lock on one byte that {@link
   * #tryLockByte} takes. A lock of another kind or length does not count.
   */
  boolean isByteLocked(int descriptor, long offset);

  /**
   * Describes a lock that keeps {@link #tryLockByte} from one byte and is not of its kind, as in
   * "process 12 holds a read lock on bytes 0 to 99"; empty if there is none.
   */
  default Optional<String> strangersLock(int descriptor, long offset) {
    return Optional.empty();
  }

  /**
   * Sleeps while a shared word holds a value, for a limited time. Cannot be interrupted by Java, so
   * keep the time short and ask again.
   */
  Wait waitOnWord(long address, int expected, long nanos);

  /**
   * Sleeps while each of some shared words holds a value, for a limited time; otherwise as {@link
   * #waitOnWord}. Where the kernel cannot do that (before Linux 5.16), only the first word wakes,
   * and the sleep is no longer than a millisecond.
   *
   * @param addresses 1 to 128 words
   * @param expected the value of each
   */
  Wait waitOnWords(long[] addresses, int[] expected, long nanos);

  /** Wakes up to so many waiters of a shared word, and returns how many were woken. */
  int wakeWord(long address, int count);

  /**
   * Lets every thread of every process pass a full fence between the call and its return: what a
   * thread has stored before its fence is seen by the caller afterwards, and what it loads after
   * its fence is not older than what the caller had stored. So whoever stores often and looks
   * often, in this order in the program, needs no fence of its own. It takes about 10 ms.
   */
  void fenceEverywhere();

  /** Returns a direct buffer over memory, which must stay mapped while the buffer is in use. */
  ByteBuffer buffer(long address, int length);

  /** Returns the time of the monotonic clock, in nanoseconds. */
  long nanoTime();

  /** Returns the time of day. */
  Instant now();

  /**
   * Lets others run for a time, or for less if the thread is interrupted meanwhile or woken for
   * nothing.
   */
  void pause(long nanos);

  /** Returns a random number that cannot be predicted. */
  long random();

  /** Returns the identity of this process. */
  ProcessIdentity identity();

  /**
   * Returns how many threads can run at a time. If it is one, waiting for another without sleep is
   * of no use.
   */
  int processors();

  /** Returns the length of a page of memory in bytes. */
  int pageSize();

  /** Returns the effective user id of this process. */
  int effectiveUser();
}
