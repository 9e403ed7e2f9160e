package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One process that makes calls, notes what each of them returns or fails with, and cleans up behind
 * itself. What differs between machines by its nature, such as numbers of descriptors and of files,
 * is not noted.
 */
final class CallSession {
  static final int PAGE = 4096;
  private static final long ADDRESS = 0x2b00_0000_0000L;
  private static final int MAPPINGS = 2;
  private static final int NO_DESCRIPTOR = -1;

  /** What a call does. */
  enum Kind {
    OPEN,
    OPEN_DIRECTORY,
    CREATE,
    CREATE_UNNAMED,
    CREATE_IN_MEMORY,
    FORBID_SHRINKING,
    LINK,
    UNLINK,
    UNLINK_DIRECTORY,
    REMOVE_DIRECTORY,
    MAKE_AND_REMOVE_DIRECTORY,
    CLOSE,
    STATUS,
    SAME_FILE,
    ALLOCATE,
    TRUNCATE,
    READ,
    WRITE,
    LOCK_FILE,
    UNLOCK_FILE,
    LOCK_BYTE,
    UNLOCK_BYTE,
    IS_BYTE_LOCKED,
    RESERVE,
    OVERLAY,
    UNMAP,
    PUT,
    GET,
    WAIT,
    WAKE
  }

  /**
   * One call.
   *
   * @param file which of two names, and which of two mappings
   * @param open which of the descriptors opened so far, from the last on
   * @param offset a place in a file, or a length
   */
  record Call(Kind kind, int file, int open, int offset, boolean writable) {}

  private record Mapped(FileStatus.Key file, long offset, boolean writable) {}

  private final SystemCalls calls;
  private final Memory memory;
  private final String directory;
  private final List<String> results = new ArrayList<>();
  private final List<Integer> descriptors = new ArrayList<>();
  private final Mapped[] mapped = new Mapped[MAPPINGS];

  /** Begins a session in a directory that is empty and ends with it. */
  CallSession(SystemCalls calls, Memory memory, String directory) {
    this.calls = calls;
    this.memory = memory;
    this.directory = directory;
  }

  /**
   * Makes the calls; returns the results, one for each call, and then what the files hold.
   *
   * @param length that of the first file at the beginning
   */
  List<String> run(int length, List<Call> all) {
    try {
      for (int i = 0; i < MAPPINGS; i++) {
        calls.reserve(page(i), PAGE);
      }
      opened(calls.createExclusive(path(0), 0600));
      opened(calls.open(path(0), true, false));
      calls.truncate(descriptors.get(0), length);
      for (Call call : all) {
        results.add(call.kind + " " + result(() -> perform(call)));
      }
      descriptors.forEach(descriptor -> results.add("content " + content(descriptor)));
      return results;
    } finally {
      calls.unmap(page(0), MAPPINGS * PAGE);
      descriptors.forEach(calls::close);
      for (int i = 0; i < MAPPINGS; i++) {
        String path = path(i);
        result(() -> done(() -> calls.unlink(path)));
      }
      calls.removeDirectory(directory);
    }
  }

  /** A step that has a result. */
  private interface Step {
    Object take();
  }

  private static String result(Step step) {
    try {
      return String.valueOf(step.take());
    } catch (SystemCallException e) {
      return "error " + e.errno();
    }
  }

  private static String done(Runnable call) {
    call.run();
    return "";
  }

  private String path(int file) {
    return directory + "/f" + file;
  }

  private static long page(int mapping) {
    return ADDRESS + mapping * (long) PAGE;
  }

  private String opened(int descriptor) {
    descriptors.add(descriptor);
    return "";
  }

  /** An open descriptor, or if there is none, one that nobody has. */
  private int descriptor(Call call) {
    int index = descriptors.size() - 1 - call.open;
    return index < 0 ? NO_DESCRIPTOR : descriptors.get(index);
  }

  private Object perform(Call call) {
    int d = descriptor(call);
    long offset = call.offset;
    return switch (call.kind) {
      case OPEN -> opened(calls.open(path(call.file), call.writable, false));
      case OPEN_DIRECTORY -> lookIntoDirectory(calls.open(directory, call.writable, false));
      case CREATE -> opened(calls.createExclusive(path(call.file), 0600));
      case CREATE_UNNAMED -> opened(calls.createUnnamed(directory, 0600));
      case CREATE_IN_MEMORY -> opened(calls.createInMemory("agreement"));
      case FORBID_SHRINKING -> done(() -> calls.forbidShrinking(d));
      case LINK -> done(() -> calls.link(d, path(call.file)));
      case UNLINK -> done(() -> calls.unlink(path(call.file)));
      case UNLINK_DIRECTORY -> done(() -> calls.unlink(directory));
      case REMOVE_DIRECTORY -> done(() -> calls.removeDirectory(path(call.file)));
      case MAKE_AND_REMOVE_DIRECTORY -> makeAndRemoveDirectory();
      case CLOSE -> close(d);
      case STATUS -> calls.status(d).length() + " " + calls.status(d).regular();
      case SAME_FILE -> descriptors.stream().map(other -> sameFile(d, other)).toList();
      case ALLOCATE -> done(() -> calls.allocate(d, call.file * 8L, offset));
      case TRUNCATE -> done(() -> calls.truncate(d, offset));
      case READ -> read(d, offset, 9);
      case WRITE -> calls.write(d, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, offset);
      case LOCK_FILE -> calls.tryLockFile(d);
      case UNLOCK_FILE -> done(() -> calls.unlockFile(d));
      case LOCK_BYTE -> calls.tryLockByte(d, lockedByte(offset));
      case UNLOCK_BYTE -> done(() -> calls.unlockByte(d, lockedByte(offset)));
      case IS_BYTE_LOCKED -> calls.isByteLocked(d, lockedByte(offset));
      case RESERVE -> calls.reserve(page(call.file), PAGE);
      case OVERLAY -> overlay(d, call);
      default -> touch(call);
    };
  }

  private Object lookIntoDirectory(int descriptor) {
    try {
      return calls.status(descriptor).regular() + " " + result(() -> read(descriptor, 0, 1));
    } finally {
      calls.close(descriptor);
    }
  }

  private Object makeAndRemoveDirectory() {
    String made = calls.makeDirectory(directory + "/d-XXXXXX");
    int descriptor = calls.createExclusive(made + "/f", 0600);
    String full = result(() -> done(() -> calls.removeDirectory(made)));
    calls.unlink(made + "/f");
    calls.close(descriptor);
    calls.removeDirectory(made);
    return full + " " + result(() -> done(() -> calls.removeDirectory(made)));
  }

  private Object close(int descriptor) {
    calls.close(descriptor);
    descriptors.remove((Integer) descriptor);
    return "";
  }

  private boolean sameFile(int one, int other) {
    return calls.status(one).key().equals(calls.status(other).key());
  }

  private String read(int descriptor, long offset, int length) {
    byte[] bytes = new byte[length];
    return Arrays.toString(Arrays.copyOf(bytes, calls.read(descriptor, bytes, offset)));
  }

  private String content(int descriptor) {
    byte[] bytes = new byte[3 * PAGE];
    int length = calls.read(descriptor, bytes, 0);
    return length + " bytes, hash " + Arrays.hashCode(Arrays.copyOf(bytes, length));
  }

  /** Maps the beginning of a file, or its second page, or an offset that is none of a page. */
  private Object overlay(int descriptor, Call call) {
    long offset = call.offset >= PAGE ? PAGE : call.offset == 3 ? 3 : 0;
    calls.overlay(descriptor, page(call.file), offset, PAGE, call.writable);
    mapped[call.file] = new Mapped(calls.status(descriptor).key(), offset, call.writable);
    return "";
  }

  /** Touches a mapped page, where the file reaches so far and a real process would survive. */
  private Object touch(Call call) {
    Mapped mapping = mapped[call.file];
    if (mapping == null) {
      return "";
    }
    long page = page(call.file);
    if (call.kind == Kind.UNMAP) {
      mapped[call.file] = null;
      calls.unmap(page, PAGE);
      return calls.reserve(page, PAGE);
    }
    int at = Math.floorMod(call.offset, 16);
    if (!reaches(mapping, at + Integer.BYTES)) {
      return "";
    }
    return switch (call.kind) {
      case GET -> memory.getByte(page + at);
      case WAIT -> calls.waitOnWord(page + at, call.open, 0);
      case WAKE -> calls.wakeWord(page + at, 1);
      default ->
          mapping.writable ? done(() -> memory.putByte(page + at, (byte) (at - 7))) : "read-only";
    };
  }

  /** Whether a file is known to be so long: an access behind its end would be a signal. */
  private boolean reaches(Mapped mapping, long offset) {
    return descriptors.stream()
        .map(calls::status)
        .anyMatch(s -> s.key().equals(mapping.file) && s.length() >= mapping.offset + offset);
  }

  /** Never two beside each other: the kernel makes one lock of those that one opening holds. */
  private static long lockedByte(long offset) {
    return 2 * Math.floorDiv(offset, 8);
  }
}
