package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.format.HeaderBytes;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The whole message of each exception, with {@code FILE} for the path of the heap. */
class ErrorMessageTest {
  private static final long SPAN = 1 << 20;
  private static final long ADDRESS = 0x3a50_0000_0000L;
  private static final AddressScan THERE = new AddressScan(ADDRESS, 1L << 30, 1);

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path file;

  /** A cause: how the file comes to be so, what is then tried, and what is said. */
  private record Cause(String kind, Preparation preparation, Executable attempt, String message) {}

  private interface Preparation {
    void make() throws Exception;
  }

  private static HeapBuilder small() {
    return Heap.builder().span(SPAN).scan(THERE);
  }

  private static HeapBuilder faulty(String method, int errno) {
    FaultySystemCalls faults = new FaultySystemCalls();
    return small().platform(faults.fail(method, FaultySystemCalls.EVERY, errno).platform());
  }

  private void heap() {
    small().create(file).close();
  }

  private Preparation changed(int field, long value, boolean checked) {
    return () -> {
      heap();
      HeaderBytes header = HeaderBytes.of(file).putLong(field, value);
      (checked ? header.checked() : header).write(file);
    };
  }

  private Preparation changedInt(int field, int value) {
    return () -> {
      heap();
      HeaderBytes.of(file).putInt(field, value).checked().write(file);
    };
  }

  private Executable attach() {
    return () -> Heap.builder().readyTimeout(Duration.ZERO).attach(file).close();
  }

  private Executable with(Action action) {
    return () -> {
      try (Heap heap = small().create(file)) {
        action.accept(heap);
      }
    };
  }

  private interface Action {
    void accept(Heap heap) throws IOException;
  }

  private List<Cause> causes() {
    Preparation nothing = () -> {};
    List<Cause> causes = new ArrayList<>();
    causes.add(
        new Cause(
            "no-such-heap",
            nothing,
            attach(),
            "there is no heap FILE: check the name, or create it"));
    causes.add(
        new Cause(
            "heap-exists",
            this::heap,
            () -> small().create(file),
            "FILE exists already: attach to it, remove it or choose another name"));
    causes.add(
        new Cause(
            "heap-access-denied",
            nothing,
            () -> faulty("createUnnamed", Errno.EACCES).create(file),
            "FILE may not be created: EACCES (permission denied)"));
    causes.add(
        new Cause(
            "out-of-space",
            nothing,
            () -> faulty("link", Errno.ENOSPC).create(file),
            "FILE cannot be created: ENOSPC (no space left on device). Free some space"));
    causes.add(
        new Cause(
            "no-address",
            nothing,
            () -> faulty("reserve", Errno.ENOMEM).create(file),
            "no address for a span of 1048576 bytes: none of 1 candidates from 0x3a5000000000, each"
                + " 0x40000000 apart, is free (the last answer was: reserve(injected) failed:"
                + " ENOMEM"
                + " (cannot allocate memory)). Raise the limit of its address space (ulimit -v)"
                + " or of"
                + " its mappings (vm.max_map_count), or use a heap with a smaller span"));
    causes.add(
        new Cause(
            "system-call",
            nothing,
            () -> faulty("setMode", Errno.EBADF).create(file),
            "setMode(injected) failed: EBADF (bad file descriptor)"));
    causes.add(
        new Cause(
            "not-a-heap",
            () -> Files.write(file, new byte[10]),
            attach(),
            "FILE is not a heap: it has 10 bytes, and a header alone has 24"));
    causes.add(
        new Cause(
            "not-a-heap",
            () -> Files.createDirectory(file),
            attach(),
            "FILE is not a heap: it is a directory"));
    causes.add(
        new Cause(
            "not-a-heap",
            () -> Files.writeString(file, "A".repeat(100)),
            () -> HeapInfo.of(file),
            "FILE is not a heap: its span is 4702111234474983745 bytes, expected a positive"
                + " multiple of"
                + " 4096"));
    causes.add(
        new Cause(
            "heap-not-ready",
            () -> Files.createFile(file),
            attach(),
            "FILE has no header yet: it is still being made, or the process that made it has"
                + " died. Try again, and remove the file if that does not help"));
    causes.add(
        new Cause(
            "heap-not-ready",
            changedInt(HeaderLayout.PHASE, 0),
            attach(),
            "FILE is not complete: found phase 0, expected 1 (ready). Try again, and remove the"
                + " file if that does not help"));
    causes.add(
        new Cause(
            "unsupported-format",
            changedInt(HeaderLayout.VERSION, 9),
            attach(),
            "FILE has format version 9, and this version of rszshm supports format versions up"
                + " to 1. Use a newer version of rszshm"));
    causes.add(
        new Cause(
            "unsupported-format",
            changed(HeaderLayout.INCOMPATIBLE_FEATURES, 0x12, true),
            attach(),
            "FILE needs features 0x12, which this version of rszshm does not support. Use a"
                + " newer version of rszshm"));
    causes.add(
        new Cause(
            "unsupported-format",
            changed(HeaderLayout.READ_ONLY_COMPATIBLE_FEATURES, 2, true),
            attach(),
            "FILE has features 0x2, which this version of rszshm does not support. Use a newer"
                + " version of rszshm, or attach"
                + " for reading only"));
    causes.add(
        new Cause(
            "unsupported-format",
            changedInt(HeaderLayout.PAGE_SIZE, 16384),
            attach(),
            "FILE was made for pages of 16384 bytes; this machine has pages of 4096. Make a new"
                + " heap on this machine"));
    causes.add(
        new Cause(
            "damaged-heap",
            changedInt(HeaderLayout.VERSION, 0),
            attach(),
            "FILE has a damaged header: its format version is 0, the first version is 1"));
    causes.add(
        new Cause(
            "damaged-heap",
            changed(HeaderLayout.DATA_OFFSET, -4096, true),
            attach(),
            "FILE has a damaged header: its content begins at -4096, expected a positive"
                + " multiple of"
                + " 4096"));
    causes.add(
        new Cause(
            "damaged-heap",
            changed(HeaderLayout.ADDRESS, 4097, true),
            attach(),
            "FILE has a damaged header: its address is 0x1001, expected a multiple of 4096"));
    causes.add(
        new Cause(
            "damaged-heap",
            changed(HeaderLayout.LENGTH, 2 * SPAN, true),
            attach(),
            "FILE has a damaged header: its length is 2097152 bytes, more than its span of"
                + " 1048576"));
    causes.add(
        new Cause(
            "damaged-heap",
            changed(HeaderLayout.SPAN, 1L << 47, true),
            attach(),
            "FILE has a damaged header: its span of 140737488355328 bytes at 0x3a5000000000 ends"
                + " beyond the addresses of this machine, 0x800000000000"));
    causes.add(
        new Cause(
            "damaged-heap",
            changed(HeaderLayout.PARTICIPANT_TABLE, 128, true),
            attach(),
            "FILE has a damaged header: its participant table of 32768 bytes at 128 does not lie"
                + " between header and content, which begins at 36864"));
    causes.add(
        new Cause(
            "truncated-heap",
            () -> {
              heap();
              try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(8192);
              }
            },
            attach(),
            "FILE has 8192 bytes, its header says 40960: another program has truncated it."
                + " Restore the file"
                + " or remove it"));
    causes.add(
        new Cause(
            "truncated-heap",
            () -> {
              heap();
              try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(100);
              }
            },
            attach(),
            "FILE has 100 bytes, fewer than the 4096 of a heap's header: another program has"
                + " truncated it."
                + " Restore the file or remove it"));
    causes.add(
        new Cause(
            "already-attached",
            nothing,
            with(heap -> attachNow()),
            "FILE is attached in this JVM already, at its own address: use that attachment,"
                + " close it"
                + " first, or attach at any address"));
    causes.add(
        new Cause(
            "address-taken",
            this::heap,
            () -> faulty("reserve", Errno.EEXIST).attach(file),
            "FILE must be mapped at 0x3a5000000000-0x3a5000100000, where this process has a"
                + " mapping that it cannot see (reserve(injected) failed: EEXIST (file exists))."
                + " Attach"
                + " earlier, move what is there, or attach at any address"));
    causes.add(
        new Cause(
            "no-address",
            this::heap,
            () -> faulty("reserve", Errno.ENOMEM).attach(file),
            "FILE must be mapped at 0x3a5000000000-0x3a5000100000, and this process may not"
                + " reserve so"
                + " many addresses (reserve(injected) failed: ENOMEM (cannot allocate memory))."
                + " Raise"
                + " the limit of its address space (ulimit -v) or of its mappings"
                + " (vm.max_map_count), or use a heap with a smaller span"));
    causes.add(
        new Cause(
            "span-exceeded",
            nothing,
            with(heap -> heap.growTo(SPAN + 1)),
            "FILE cannot grow to 1048577 bytes: its span, fixed when it was made, is 1048576."
                + " Make a"
                + " heap with a larger span"));
    causes.add(
        new Cause(
            "participant-table-full",
            nothing,
            () -> {
              try (Heap heap = small().participants(1).create(file)) {
                Heap.builder().anyAddress().attach(heap.path());
              }
            },
            "FILE has 1 participant slots, and each belongs to a living process. Detach one, or"
                + " make"
                + " the heap with more slots"));
    causes.add(
        new Cause(
            "read-only-heap",
            this::heap,
            () -> {
              try (Heap heap = Heap.builder().readOnly().attach(file)) {
                heap.putLong(heap.dataOffset(), 1);
              }
            },
            "FILE is attached for reading only: attach it without readOnly() to change it"));
    causes.add(
        new Cause(
            "read-only-heap",
            this::heap,
            () -> {
              try (Heap heap = Heap.builder().readOnly().attach(file)) {
                heap.grow();
              }
            },
            "FILE is attached for reading only: attach it without readOnly() to change it"));
    return causes;
  }

  private void attachNow() {
    Heap.attach(file).close();
  }

  @TestFactory
  Stream<DynamicTest> everyCauseHasItsMessage() {
    List<Cause> causes = causes();
    return Stream.iterate(0, i -> i < causes.size(), i -> i + 1)
        .map(i -> DynamicTest.dynamicTest(causes.get(i).kind(), () -> check(i)));
  }

  private void check(int index) throws Exception {
    file = directory.resolve("heap" + index);
    Cause cause = causes().get(index);
    cause.preparation().make();
    HeapException thrown = assertThrows(HeapException.class, cause.attempt());
    assertEquals(
        cause.message(), thrown.getMessage().replace(file.toString(), "FILE"), cause.kind());
    assertEquals(cause.kind(), thrown.kind());
  }

  /** The other two are asked of GrowthTest and of HostTest, which can bring them about. */
  @Test
  void noKindIsForgotten() {
    Set<String> kinds = new HashSet<>(causes().stream().map(Cause::kind).toList());
    assertEquals(16, kinds.size(), kinds::toString);
  }
}
