package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.FaultySystemCalls.Call;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each system call that making, attaching and growing a heap needs fails in turn; nothing may be
 * left behind, and the next try succeeds.
 */
class FaultInjectionTest {
  private static final int EIO = 5;
  private static final long SPAN = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private static HeapBuilder builder(FaultySystemCalls faults) {
    return Heap.builder().span(SPAN).platform(faults.platform());
  }

  @Test
  void flushWritesContentFirstAndThenTheNameOnce() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = create("directory", faults)) {
      faults.reset();
      heap.flush();
      List<String> made =
          faults.calls().stream()
              .filter(c -> List.of("sync", "open", "syncFile").contains(c.method()))
              .map(c -> c.method() + (c.method().equals("open") ? " " + c.arguments().get(0) : ""))
              .toList();
      Path own = heap.path().getParent();
      assertEquals(
          List.of("sync", "open " + own, "syncFile", "open " + directory, "syncFile"), made);
      assertEquals(0, faults.calls("open").size() - faults.calls("close").size());
      faults.reset();
      heap.flush();
      assertEquals(1, faults.calls("sync").size());
      assertEquals(0, faults.calls("syncFile").size());
      heap.remove();
    }
  }

  @Test
  void flushOfARangeWritesItsPagesAndThenTheHeader() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = create("named", faults)) {
      long offset = heap.dataOffset() + 100;
      faults.reset();
      heap.flush(offset, 8);
      long page = heap.base() + heap.dataOffset();
      assertEquals(
          List.of(List.of(page, 108L, true), List.of(heap.base(), 4096L, true)),
          faults.calls("sync").stream().map(FaultySystemCalls.Call::arguments).toList());
      faults.reset().fail("sync", 1, EIO);
      assertThrows(SystemCallException.class, () -> heap.flush(offset, 8));
      assertEquals(1, faults.calls("sync").size(), "no header says what the content does not");
      heap.unlink();
    }
  }

  @Test
  void aNameThatCouldNotBeWrittenIsWrittenByTheNextFlush() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = create("named", faults)) {
      faults.reset().fail("syncFile", 1, EIO);
      assertThrows(SystemCallException.class, heap::flush);
      assertEquals(faults.calls("open").size(), faults.calls("close").size());
      heap.flush();
      assertEquals(2, faults.calls("syncFile").size());
      faults.reset();
      heap.flush();
      assertEquals(0, faults.calls("syncFile").size());
      heap.unlink();
    }
  }

  @Test
  void whoMayNotReadTheDirectoryIsToldThatTheNameIsNotWritten() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = create("named", faults)) {
      faults.reset().fail("open", 1, Errno.EACCES);
      HeapException denied = assertThrows(HeapAccessDeniedException.class, heap::flush);
      assertTrue(denied.getMessage().contains("its name may not survive"), denied::getMessage);
      assertEquals(1, faults.calls("sync").size(), "the content is written");
      heap.unlink();
    }
  }

  @TestFactory
  Stream<DynamicTest> failedCreationLeavesNothing() {
    return Stream.of("named", "plain", "template", "directory", "sparse", "without O_TMPFILE")
        .flatMap(kind -> eachCallFails(kind, f -> prepared(kind, f), f -> create(kind, f)));
  }

  /** Anonymous heaps have no directory; their descriptors say memfd. */
  @TestFactory
  Stream<DynamicTest> failedAnonymousCreationLeavesNothing() {
    return eachCallFails("anonymous", f -> f, f -> builder(f).createAnonymous());
  }

  private static FaultySystemCalls prepared(String kind, FaultySystemCalls faults) {
    return kind.equals("without O_TMPFILE")
        ? faults.fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP)
        : faults;
  }

  private Heap create(String kind, FaultySystemCalls faults) {
    HeapBuilder builder = builder(faults);
    return switch (kind) {
      case "plain" -> builder.plain().create(directory.resolve("heap"));
      case "template" -> builder.create(directory.resolve("heap_XXXXXX"));
      case "directory" -> builder.create(directory.resolve("heap_XXXXXX").resolve("0"));
      case "sparse" -> builder.backing(Backing.SPARSE).create(directory.resolve("heap"));
      default -> builder.create(directory.resolve("heap"));
    };
  }

  @TestFactory
  Stream<DynamicTest> failedAttachLeavesNothing() {
    return Stream.of("writing", "reading", "plain")
        .flatMap(
            kind ->
                eachCallFails(
                    kind,
                    f -> {
                      HeapBuilder builder = Heap.builder().span(SPAN);
                      Path path = directory.resolve("attached");
                      (kind.equals("plain") ? builder.plain() : builder).create(path).close();
                      return f;
                    },
                    f -> {
                      HeapBuilder builder =
                          kind.equals("reading") ? builder(f).readOnly() : builder(f);
                      return builder.attach(directory.resolve("attached"));
                    }));
  }

  /** Runs an operation once to see its calls, then once for each of them with that one failing. */
  private Stream<DynamicTest> eachCallFails(
      String kind,
      Function<FaultySystemCalls, FaultySystemCalls> preparation,
      Function<FaultySystemCalls, Heap> operation) {
    FaultySystemCalls recorder = preparation.apply(new FaultySystemCalls());
    operation.apply(recorder).close();
    List<Call> needed = new ArrayList<>(recorder.calls());
    needed.removeIf(
        c ->
            List.of("blank", "unmap", "unlockByte").contains(c.method()) || isClosing(c, recorder));
    clear();
    return needed.stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    kind + ": " + call.method() + " " + call.nth(),
                    () -> {
                      try {
                        oneCallFails(call, preparation, operation);
                      } finally {
                        clear();
                      }
                    }));
  }

  /** The last close belongs to Heap.close, and the last write of an attachment that has a slot. */
  private static boolean isClosing(Call call, FaultySystemCalls recorder) {
    boolean hasSlot = !recorder.calls("unlockByte").isEmpty();
    return (call.method().equals("close") || call.method().equals("write") && hasSlot)
        && call.nth() == recorder.calls(call.method()).size();
  }

  private void oneCallFails(
      Call call,
      Function<FaultySystemCalls, FaultySystemCalls> preparation,
      Function<FaultySystemCalls, Heap> operation) {
    FaultySystemCalls faults = preparation.apply(new FaultySystemCalls());
    List<String> before = listing();
    // A search goes on to the next candidate, so each of them fails.
    boolean reserving = call.method().equals("reserve");
    faults.fail(call.method(), reserving ? FaultySystemCalls.EVERY : call.nth(), EIO);
    HeapException thrown = assertThrows(HeapException.class, () -> operation.apply(faults));

    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (!reserving) {
      assertTrue(root instanceof SystemCallException, () -> "caused by the call: " + thrown);
      assertEquals(EIO, ((SystemCallException) root).errno());
    }
    for (Call reservation : faults.calls("reserve")) {
      assertEquals(
          List.of(), ProcSelf.mappingsIn(reservation.number(0), reservation.number(1)), "mapped");
    }
    assertEquals(List.of(), openHere(), "descriptors");
    assertEquals(before, listing(), "files");

    faults.reset();
    try (Heap again = operation.apply(faults)) {
      assertEquals(0, again.getLong(again.dataOffset()));
      assertTrue(again.isReadOnly() || again.grow() > 0);
    }
  }

  private List<Integer> openHere() {
    List<Integer> open = new ArrayList<>(ProcSelf.descriptorsOf(directory.toString()));
    open.addAll(ProcSelf.descriptorsOf("/memfd:rszshm"));
    return open;
  }

  private List<String> listing() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void clear() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void impossibleArgumentsLeaveNothing() {
    List<Integer> before = openHere();
    HeapBuilder builder = Heap.builder().length(Long.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, builder::createAnonymous);
    assertThrows(IllegalArgumentException.class, () -> builder.create(directory.resolve("heap")));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.create(directory.resolve("heap_XXXXXX").resolve("0")));
    assertEquals(before, openHere());
    assertEquals(List.of(directory.toString()), listing());
  }

  @TestFactory
  Stream<DynamicTest> failedGrowthLeavesTheHeapAsItWas() {
    return Stream.of(Backing.values()).flatMap(this::eachCallOfGrowthFails);
  }

  private Stream<DynamicTest> eachCallOfGrowthFails(Backing backing) {
    FaultySystemCalls recorder = new FaultySystemCalls();
    try (Heap heap = builder(recorder).backing(backing).create(directory.resolve("recorded"))) {
      recorder.reset();
      heap.growTo(heap.length() + 1);
    }
    List<Call> needed = new ArrayList<>(recorder.calls());
    // The calls of Heap.close come after the growth is unlocked.
    needed.subList(needed.indexOf(recorder.calls("unlockFile").get(0)), needed.size()).clear();
    clear();
    assertTrue(needed.size() >= 3, needed::toString);
    return needed.stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    backing + ": " + call.method() + " " + call.nth(),
                    () -> growthFails(backing, call)));
  }

  private void growthFails(Backing backing, Call call) {
    FaultySystemCalls faults = new FaultySystemCalls();
    Path path = directory.resolve("grown");
    try (Heap heap = builder(faults).backing(backing).create(path)) {
      long length = heap.length();
      byte[] content = content((int) (length - heap.dataOffset()));
      heap.putBytes(heap.dataOffset(), content);
      faults.reset().fail(call.method(), call.nth(), EIO);

      SystemCallException thrown =
          assertThrows(SystemCallException.class, () -> heap.growTo(length + 1));
      assertEquals(EIO, thrown.errno());
      assertEquals(length, heap.length());
      assertEquals(length, heap.mappedLength());
      List<String> mapped = ProcSelf.mappingsIn(heap.base(), SPAN);
      assertEquals(2, mapped.size(), () -> "file and reservation: " + mapped);
      assertTrue(mapped.get(1).contains("---p"), () -> "still reserved: " + mapped);
      assertArrayEquals(content, heap.getBytes(heap.dataOffset(), content.length));

      faults.reset();
      long grown = heap.grow();
      assertTrue(grown > length);
      heap.putByte(grown - 1, (byte) 7);
      try (Heap other = Heap.builder().anyAddress().attach(path)) {
        assertEquals(7, other.getByte(grown - 1));
        assertArrayEquals(content, other.getBytes(other.dataOffset(), content.length));
      }
    } finally {
      clear();
    }
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i * 31 + 7);
    }
    return content;
  }

  /** A mapping that fails may take the reservation away; it is made again. */
  @Test
  void reservationThatAFailedOverlayTookAwayIsMadeAgain() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = builder(faults).create(directory.resolve("heap"))) {
      long length = heap.length();
      faults
          .reset()
          .instead(
              "overlay",
              1,
              (call, arguments) -> {
                faults.faulty().unmap((long) arguments[1], (long) arguments[3]);
                throw new SystemCallException("mmap", Errno.ENOMEM, "injected");
              });
      assertThrows(SystemCallException.class, () -> heap.growTo(length + 1));
      assertEquals(1, faults.calls("reserve").size());
      List<String> mapped = ProcSelf.mappingsIn(heap.base(), SPAN);
      assertEquals(heap.base() + SPAN, Long.parseLong(last(mapped).split("[- ]", -1)[1], 16));
      assertTrue(mapped.stream().skip(1).allMatch(m -> m.contains("---p")), mapped::toString);
      assertTrue(heap.grow() > length);
    }
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  @Test
  void failedCatchUpLeavesTheHeapUsable() {
    FaultySystemCalls faults = new FaultySystemCalls();
    Path path = directory.resolve("heap");
    try (Heap writer = Heap.builder().span(SPAN).create(path);
        Heap reader = builder(faults).anyAddress().attach(path)) {
      long before = writer.length();
      long grown = writer.grow();
      writer.putByte(grown - 1, (byte) 3);
      for (String method : List.of("overlay", "status")) {
        faults.reset().fail(method, 1, Errno.ENOMEM);
        assertThrows(SystemCallException.class, () -> reader.getByte(grown - 1));
        assertEquals(before, reader.mappedLength());
        assertEquals(0, reader.getByte(before - 1));
      }
      faults.reset();
      assertEquals(3, reader.getByte(grown - 1));
    }
  }

  @Test
  void failureWhileClosingStillClosesTheRest() {
    for (String method : List.of("write", "unlockByte", "close")) {
      FaultySystemCalls faults = new FaultySystemCalls();
      Heap heap = builder(faults).create(directory.resolve("heap"));
      faults.reset();
      if (method.equals("close")) {
        faults.instead(
            method,
            1,
            (call, arguments) -> {
              call.with(arguments);
              throw new SystemCallException("close", EIO, "injected");
            });
      } else {
        faults.fail(method, 1, EIO);
      }
      assertThrows(SystemCallException.class, heap::close, method);
      assertFalse(heap.isOpen());
      assertEquals(List.of(), openHere(), method);
      heap.close();
      RetiredSpans.release();
      assertEquals(List.of(), ProcSelf.mappingsIn(heap.base(), SPAN), method);
      assertTrue(heap.remove(), method);
    }
  }

  /** Others must not take what it held for that of the dead: its threads may still write. */
  @Test
  void heapThatCannotBeTakenAwayStaysThatOfTheLivingUntilItIsClosedAgain() {
    FaultySystemCalls faults = new FaultySystemCalls();
    Heap heap = builder(faults).create(directory.resolve("heap"));
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      int tag = heap.self().orElseThrow().tag();
      faults.reset();
      faults.fail("blank", 1, EIO);
      assertThrows(SystemCallException.class, heap::close);
      assertFalse(heap.isOpen());
      assertThrows(IllegalStateException.class, () -> heap.getByte(heap.dataOffset()));
      assertTrue(other.isAlive(tag));
      heap.close();
      assertFalse(other.isAlive(tag));
    }
    RetiredSpans.release();
    assertEquals(List.of(), ProcSelf.mappingsIn(heap.base(), SPAN));
    assertEquals(List.of(), openHere());
    assertTrue(heap.remove());
  }

  @Test
  void shortReadsOfTheHeaderAreContinued() {
    Path path = directory.resolve("heap");
    Heap.builder().span(SPAN).create(path).close();
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.instead(
        "read",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          byte[] some = new byte[Math.min(100, ((byte[]) arguments[1]).length)];
          int length = (int) call.with(arguments[0], some, arguments[2]);
          System.arraycopy(some, 0, (byte[]) arguments[1], 0, length);
          return length;
        });
    try (Heap heap = builder(faults).attach(path)) {
      assertTrue(faults.calls("read").size() > 40);
      assertFalse(heap.isPlain());
    }
  }

  @Test
  void shortWriteOfTheHeaderIsAnErrorAndLeavesNothing() {
    FaultySystemCalls faults = new FaultySystemCalls().answer("write", 1, 100);
    assertThrows(HeapException.class, () -> builder(faults).create(directory.resolve("heap")));
    assertEquals(List.of(directory.toString()), listing());
    assertEquals(List.of(), openHere());
  }
}
