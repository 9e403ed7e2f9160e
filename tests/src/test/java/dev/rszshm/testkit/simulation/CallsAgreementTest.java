package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.os.Errno;
import dev.rszshm.heap.os.FileStatus;
import dev.rszshm.heap.os.SystemCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The simulated system and the real one give the same results and the same error numbers, whatever
 * the order of calls. The real files lie in a private directory that is removed again.
 */
class CallsAgreementTest {
  private static final int PAGE = 4096;
  private static final long ADDRESS = 0x2b00_0000_0000L;

  enum Kind {
    OPEN,
    CREATE,
    CREATE_UNNAMED,
    LINK,
    UNLINK,
    CLOSE,
    LENGTH,
    ALLOCATE,
    TRUNCATE,
    READ,
    WRITE,
    LOCK_FILE,
    UNLOCK_FILE,
    LOCK_BYTE,
    UNLOCK_BYTE,
    IS_BYTE_LOCKED,
    OVERLAY,
    UNMAP,
    PUT,
    GET
  }

  /**
   * One call.
   *
   * @param file which of two names, and which of two mappings
   * @param open which of the descriptors opened so far, from the last on
   * @param offset a place in a file, or a length
   */
  record Call(Kind kind, int file, int open, int offset, boolean writable) {}

  @Provide
  Arbitrary<List<Call>> calls() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 2),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(0, 20)),
                net.jqwik.api.Tuple.of(1, Arbitraries.of(-1, PAGE - 3, PAGE, 2 * PAGE + 5))),
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(4, true), net.jqwik.api.Tuple.of(1, false)))
        .as(Call::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }

  @Property(tries = 1000)
  void everySequenceOfCallsDoesTheSame(@ForAll("calls") List<Call> calls) {
    List<String> simulated = new ArrayList<>();
    Simulation.ofMachine()
        .scenario(
            s ->
                s.process(
                    "a",
                    p -> {
                      simulated.clear();
                      new Session(p.calls(), p.memory(), "/", simulated).run(calls);
                    }))
        .replay("");
    List<String> real = new ArrayList<>();
    SystemCalls host = SystemCalls.host();
    String directory = host.makeDirectory("/dev/shm/rszshm-agreement-XXXXXX");
    try {
      new Session(host, Memory.host(), directory + "/", real).run(calls);
    } finally {
      host.removeDirectory(directory);
    }
    for (int i = 0; i < real.size(); i++) {
      assertEquals(real.get(i), simulated.get(i), "call " + i + " of " + calls.subList(0, i + 1));
    }
  }

  /** One process that makes calls, and cleans up behind itself. */
  private static final class Session {
    private final SystemCalls calls;
    private final Memory memory;
    private final String directory;
    private final List<String> results;
    private final List<Integer> descriptors = new ArrayList<>();
    private final boolean[] mapped = new boolean[2];
    private final boolean[] writable = new boolean[2];
    private final FileStatus.Key[] mappedFile = new FileStatus.Key[2];

    Session(SystemCalls calls, Memory memory, String directory, List<String> results) {
      this.calls = calls;
      this.memory = memory;
      this.directory = directory;
      this.results = results;
    }

    void run(List<Call> all) {
      for (int i = 0; i < 2; i++) {
        calls.reserve(ADDRESS + i * (long) PAGE, PAGE);
      }
      opened(calls.createExclusive(path(0), 0600));
      opened(calls.open(path(0), true, false));
      for (Call call : all) {
        results.add(call.kind + " " + result(call));
      }
      calls.unmap(ADDRESS, 2 * PAGE);
      descriptors.forEach(calls::close);
      for (int i = 0; i < 2; i++) {
        unlink(i);
      }
    }

    private void unlink(int file) {
      try {
        calls.unlink(path(file));
      } catch (SystemCallException e) {
        assertEquals(Errno.ENOENT, e.errno());
      }
    }

    private String path(int file) {
      return directory + "f" + file;
    }

    private String result(Call call) {
      try {
        return String.valueOf(perform(call));
      } catch (SystemCallException e) {
        return "error " + e.errno();
      }
    }

    private Object perform(Call call) {
      switch (call.kind) {
        case OPEN -> {
          return opened(calls.open(path(call.file), call.writable, false));
        }
        case CREATE -> {
          return opened(calls.createExclusive(path(call.file), 0600));
        }
        case CREATE_UNNAMED -> {
          return opened(calls.createUnnamed(directory, 0600));
        }
        case UNLINK -> {
          calls.unlink(path(call.file));
          return "";
        }
        case UNMAP, PUT, GET -> {
          return touch(call);
        }
        default -> {
          if (descriptors.isEmpty()) {
            return "";
          }
          int index = Math.max(0, descriptors.size() - 1 - call.open);
          return performOn(descriptors.get(index), index, call);
        }
      }
    }

    private Object opened(int descriptor) {
      descriptors.add(descriptor);
      return "";
    }

    private Object performOn(int descriptor, int index, Call call) {
      long offset = call.offset;
      switch (call.kind) {
        case LINK -> calls.link(descriptor, path(call.file));
        case CLOSE -> {
          calls.close(descriptor);
          descriptors.remove(index);
        }
        case LENGTH -> {
          return calls.status(descriptor).length();
        }
        case ALLOCATE -> calls.allocate(descriptor, call.file * 8L, offset);
        case TRUNCATE -> calls.truncate(descriptor, offset);
        case READ -> {
          byte[] bytes = new byte[9];
          return Arrays.toString(Arrays.copyOf(bytes, calls.read(descriptor, bytes, offset)));
        }
        case WRITE -> {
          return calls.write(descriptor, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, offset);
        }
        case LOCK_FILE -> {
          return calls.tryLockFile(descriptor);
        }
        case UNLOCK_FILE -> calls.unlockFile(descriptor);
        case LOCK_BYTE -> {
          return calls.tryLockByte(descriptor, Math.floorDiv(offset, 8));
        }
        case UNLOCK_BYTE -> calls.unlockByte(descriptor, Math.floorDiv(offset, 8));
        case IS_BYTE_LOCKED -> {
          return calls.isByteLocked(descriptor, Math.floorDiv(offset, 8));
        }
        default -> {
          calls.overlay(descriptor, ADDRESS + call.file * (long) PAGE, 0, PAGE, call.writable);
          mapped[call.file] = true;
          mappedFile[call.file] = calls.status(descriptor).key();
          writable[call.file] = call.writable;
        }
      }
      return "";
    }

    /** Touches a mapped page, where the file reaches so far and a real process would survive. */
    private Object touch(Call call) {
      long page = ADDRESS + call.file * (long) PAGE;
      if (!mapped[call.file]) {
        return "";
      }
      if (call.kind == Kind.UNMAP) {
        calls.unmap(page, PAGE);
        calls.reserve(page, PAGE);
        mapped[call.file] = false;
        return "";
      }
      long address = page + Math.floorMod(call.offset, 16);
      if (!reaches(mappedFile[call.file], address - page)) {
        return "";
      }
      if (call.kind == Kind.GET) {
        return memory.getByte(address);
      }
      if (writable[call.file]) {
        memory.putByte(address, (byte) (call.offset - 7));
      }
      return "";
    }

    /** Whether a file is known to be so long: an access behind its end would be a signal. */
    private boolean reaches(FileStatus.Key file, long offset) {
      return descriptors.stream()
          .map(calls::status)
          .anyMatch(status -> status.key().equals(file) && status.length() > offset);
    }
  }
}
