package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is attached for looking and trying. */
class CopyOnWriteTest {
  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void path() {
    path = directory.resolve("heap");
  }

  private Heap create() {
    return Heap.builder().span(1 << 20).length(1 << 14).create(path);
  }

  private Heap tryOut() {
    return Heap.builder().copyOnWrite().anyAddress().attach(path);
  }

  @Test
  void whatIsTriedNobodyElseSees() {
    try (Heap heap = create();
        Heap trying = tryOut()) {
      long offset = heap.dataOffset();
      heap.putLong(offset, 1);
      assertEquals(1, trying.getLong(offset));
      trying.putLong(offset, 2);
      trying.fill(offset + 8, 100, (byte) 3);
      trying.asByteBuffer(offset + 108, 4).putInt(0, 4);
      assertEquals(2, trying.getLong(offset));
      assertEquals(4, trying.getInt(offset + 108));
      assertEquals(1, heap.getLong(offset));
      assertEquals(0, heap.getLong(offset + 8));
      assertEquals(0, heap.getInt(offset + 108));
    }
    try (Heap heap = Heap.attach(path)) {
      assertEquals(1, heap.getLong(heap.dataOffset()));
    }
  }

  @Test
  void pagesThatWereNotWrittenFollowTheOthersAndTheirGrowth() {
    try (Heap heap = create();
        Heap trying = tryOut()) {
      long offset = heap.dataOffset();
      trying.putByte(offset, (byte) 1);
      heap.putByte(offset, (byte) 5);
      heap.putByte(offset + 4096, (byte) 6);
      assertEquals(1, trying.getByte(offset));
      assertEquals(6, trying.getByte(offset + 4096));
      long end = heap.growTo(1 << 17);
      heap.putByte(end - 1, (byte) 7);
      assertEquals(7, trying.getByte(end - 1));
      trying.putByte(end - 1, (byte) 8);
      assertEquals(7, heap.getByte(end - 1));
    }
  }

  @Test
  void itTakesPartInNothingThatIsShared() {
    try (Heap heap = create();
        Heap trying = tryOut()) {
      assertTrue(trying.isReadOnly());
      assertTrue(trying.isCopyOnWrite());
      assertFalse(heap.isCopyOnWrite());
      assertEquals(Optional.empty(), trying.self());
      assertEquals(heap.participants(), trying.participants());
      assertEquals(1, heap.participants().size());
      long offset = heap.dataOffset();
      Map<String, Executable> refused =
          Map.ofEntries(
              Map.entry("grow", trying::grow),
              Map.entry("growTo", () -> trying.growTo(1 << 15)),
              Map.entry("ensure", () -> trying.ensure(1 << 17)),
              Map.entry("growSparse", () -> trying.growSparse(1 << 17)),
              Map.entry("back", () -> trying.back(offset, 1)),
              Map.entry("discard", () -> trying.discard(offset, 4096)),
              Map.entry("reclaimDead", trying::reclaimDead),
              Map.entry("flush", trying::flush),
              Map.entry("flush of a range", () -> trying.flush(offset, 1)),
              Map.entry("waitWhile", () -> trying.waitWhile(offset, 0, Duration.ofDays(1))),
              Map.entry("sleepWhile", () -> trying.sleepWhile(offset, 0, Long.MAX_VALUE)),
              Map.entry(
                  "sleepWhile of many",
                  () -> trying.sleepWhile(new long[] {offset}, new int[1], Long.MAX_VALUE)),
              Map.entry("putIntRelease", () -> trying.putIntRelease(offset, 1)),
              Map.entry("putLongVolatile", () -> trying.putLongVolatile(offset, 1)),
              Map.entry("compareAndSetInt", () -> trying.compareAndSetInt(offset, 0, 1)),
              Map.entry("getAndAddLong", () -> trying.getAndAddLong(offset, 1)),
              Map.entry("getAndSetBit", () -> trying.getAndSetBit(offset, 1)),
              Map.entry("requireWritable", trying::requireWritable));
      refused.forEach(
          (name, call) -> {
            ReadOnlyHeapException why = assertThrows(ReadOnlyHeapException.class, call, name);
            assertTrue(why.getMessage().contains("copy-on-write"), why.getMessage());
          });
      long length = heap.length();
      assertEquals(length, trying.length());
      assertThrows(IllegalArgumentException.class, () -> Heap.builder().copyOnWrite().create());
    }
  }

  @Test
  void itWakesNobody() throws InterruptedException {
    try (Heap heap = create();
        Heap trying = tryOut()) {
      long offset = heap.dataOffset();
      Thread waiter =
          new Thread(
              () -> {
                try {
                  heap.waitWhile(offset, 0, Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      waiter.start();
      assertEquals(0, trying.wake(offset, Integer.MAX_VALUE));
      trying.putInt(offset, 1);
      assertEquals(0, trying.wake(offset, Integer.MAX_VALUE));
      assertEquals(0, heap.getIntVolatile(offset));
      heap.putIntVolatile(offset, 1);
      heap.wake(offset, 1);
      waiter.join();
    }
  }

  @Test
  void aFileThatMayOnlyBeReadIsEnough() throws Exception {
    create().close();
    java.nio.file.Files.setPosixFilePermissions(
        path, java.nio.file.attribute.PosixFilePermissions.fromString("r--------"));
    try (Heap trying = Heap.builder().copyOnWrite().attach(path)) {
      trying.putLong(trying.dataOffset(), 1);
      assertEquals(trying.address(), trying.base());
      assertEquals(1, trying.getLong(trying.dataOffset()));
    }
  }
}
