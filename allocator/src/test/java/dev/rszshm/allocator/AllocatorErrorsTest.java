package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.faults.MountedTmpfs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be done is an exception that says why, and changes nothing. */
class AllocatorErrorsTest {
  private static final long MIB = 1 << 20;

  @TempDir Path directory;

  private static Heap heap() {
    return Heap.builder().span(64 * MIB).createAnonymous();
  }

  private static void requireMessage(
      Class<? extends RuntimeException> type, String part, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void aClosedHeapIsAnIllegalState() {
    Heap heap = heap();
    Allocator allocator = Allocator.on(heap);
    long block = allocator.allocate(100);
    long slot = allocator.allocateZeroed(16);
    heap.close();
    List<Executable> calls =
        List.of(
            () -> allocator.allocate(100),
            () -> allocator.allocate(MIB),
            () -> allocator.allocateZeroed(100),
            () -> allocator.allocateAligned(100, 64),
            () -> allocator.reallocate(block, 1000),
            () -> allocator.free(block),
            () -> allocator.usableSize(block),
            () -> allocator.allocateInto(slot, 10),
            () -> allocator.get(slot),
            () -> allocator.freeFrom(slot),
            () -> allocator.move(slot, slot + 8),
            () -> allocator.root("name", 1, 1, 1),
            () -> allocator.findRoot("name"),
            allocator::roots,
            () -> allocator.removeRoot("name"),
            allocator::recover,
            allocator::trim,
            allocator::statistics,
            allocator::check,
            () -> Allocator.on(heap));
    for (int i = 0; i < calls.size(); i++) {
      assertThrows(IllegalStateException.class, calls.get(i), "call " + i);
    }
    allocator.close();
  }

  @Test
  void aClosedAllocatorChangesNothingAndTheNextOneGoesOn() {
    try (Heap heap = heap()) {
      Allocator allocator = Allocator.on(heap);
      long block = allocator.allocate(100);
      allocator.close();
      allocator.close();
      for (Executable call :
          List.<Executable>of(
              () -> allocator.allocate(100),
              () -> allocator.free(block),
              () -> allocator.root("name", 1, 1, 1),
              () -> allocator.trim(),
              () -> allocator.recover())) {
        requireMessage(IllegalStateException.class, "allocator of " + heap.path(), call);
      }
      try (Allocator next = Allocator.on(heap)) {
        next.free(block);
        assertTrue(next.check().isClean());
        assertEquals(0, next.check().blocks());
      }
    }
  }

  @Test
  void whoAttachesForReadingLooksAndChangesNothing() {
    try (Heap heap = heap();
        Allocator allocator = Allocator.on(heap)) {
      long block = allocator.allocate(1000);
      RootEntry root = allocator.root("root", 1, 1, 100);
      try (Heap reading = Heap.builder().readOnly().anyAddress().attach(heap.path());
          Allocator reader = Allocator.on(reading)) {
        assertEquals(1024, reader.usableSize(block));
        assertEquals(root, reader.findRoot("root").orElseThrow());
        assertEquals(allocator.get(root.slot()), reader.get(root.slot()));
        assertEquals(root, reader.root("root", 1, 1, 100));
        assertEquals(allocator.get(root.slot()), reader.place("root", 1, 1, 100));
        assertEquals(List.of(root), reader.roots());
        assertEquals(allocator.check(), reader.check());
        assertEquals(allocator.statistics(), reader.statistics());
        for (Executable call :
            List.<Executable>of(
                () -> reader.allocate(1),
                () -> reader.allocate(MIB),
                () -> reader.free(block),
                () -> reader.reallocate(block, 5000),
                () -> reader.allocateInto(root.slot(), 1),
                () -> reader.freeFrom(root.slot()),
                () -> reader.move(root.slot(), root.slot()),
                () -> reader.root("other", 1, 1, 1),
                () -> reader.place("other", 1, 1, 1),
                () -> reader.removeRoot("root"),
                reader::trim,
                reader::recover)) {
          requireMessage(ReadOnlyHeapException.class, "for reading only", call);
        }
      }
    }
  }

  @Test
  void whoAttachesForReadingCannotSetOneUp() {
    try (Heap heap = heap();
        Heap reading = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      requireMessage(
          NotAnAllocatorException.class, "has no allocator", () -> Allocator.on(reading));
    }
  }

  @Test
  void aPlainFileHasNoAllocator() {
    try (Heap heap = Heap.builder().span(64 * MIB).plain().createAnonymous()) {
      requireMessage(NotAnAllocatorException.class, "is a plain file", () -> Allocator.on(heap));
    }
  }

  @Test
  void otherContentIsNotWrittenOver() {
    for (int at = 0; at < 4096; at += 8) {
      try (Heap heap = heap()) {
        long offset = heap.dataOffset() + at;
        heap.putLong(offset, 77);
        assertThrows(NotAnAllocatorException.class, () -> Allocator.on(heap), "content at " + at);
        assertEquals(77, heap.getLong(offset));
        assertEquals(4096, heap.length() - heap.dataOffset());
      }
    }
  }

  /** Whoever was at it is dead, or just slower. */
  @Test
  void whatSomebodyHasBegunToSetUpIsSetUp() {
    for (int fields = 1; fields < 10; fields++) {
      try (Heap heap = heap()) {
        AllocatorGeometry geometry = AllocatorGeometry.of(heap.dataOffset(), heap.span());
        long base = heap.dataOffset();
        Allocator.checking(heap).close();
        for (int field = 8 + 8 * fields; field <= AllocatorLayout.CHUNK_COUNT; field += 8) {
          heap.putLong(base + field, 0);
        }
        heap.putLong(base, 0);
        try (Allocator allocator = Allocator.on(heap)) {
          assertEquals(geometry.chunkCount(), heap.getLong(base + AllocatorLayout.CHUNK_COUNT));
          assertTrue(allocator.isChecking(), "it was the first one's choice");
        }
      }
    }
  }

  @Test
  void aDamagedPageIsAnExceptionForEachOfItsFields() {
    try (Heap heap = heap()) {
      Allocator.on(heap).close();
      for (int field = 0; field <= AllocatorLayout.CHUNK_COUNT; field += 4) {
        long offset = heap.dataOffset() + field;
        int good = heap.getInt(offset);
        heap.putInt(offset, good + 16);
        if (field != AllocatorLayout.FLAGS) {
          assertThrows(NotAnAllocatorException.class, () -> Allocator.on(heap), "field " + field);
        }
        heap.putInt(offset, good);
      }
      Allocator.on(heap).close();
    }
  }

  @Test
  void aSpanThatIsTooSmallIsAnException() {
    try (Heap heap = Heap.builder().span(128 << 10).createAnonymous()) {
      requireMessage(
          IllegalArgumentException.class,
          "make the heap with a larger span",
          () -> Allocator.on(heap));
      assertEquals(0, heap.getLong(heap.dataOffset()));
    }
  }

  @Test
  void aNegativeSizeIsAnException() {
    try (Heap heap = heap();
        Allocator allocator = Allocator.on(heap)) {
      long block = allocator.allocate(0);
      for (long bad : new long[] {-1, Long.MIN_VALUE}) {
        assertThrows(IllegalArgumentException.class, () -> allocator.allocate(bad));
        assertThrows(IllegalArgumentException.class, () -> allocator.allocateZeroed(bad));
        assertThrows(IllegalArgumentException.class, () -> allocator.allocateAligned(bad, 16));
        assertThrows(IllegalArgumentException.class, () -> allocator.reallocate(block, bad));
      }
      assertEquals(1, allocator.check().blocks());
    }
  }

  @Test
  void aFullFileSystemIsAnExceptionAndFreeingMakesRoom() throws Exception {
    try (MountedTmpfs mounted = MountedTmpfs.mount(directory.resolve("small"), "size=8m")) {
      Path path = mounted.path().resolve("heap");
      try (Heap heap = Heap.builder().span(1L << 30).create(path);
          Allocator allocator = Allocator.on(heap)) {
        for (long size : new long[] {3000, 200_000, MIB}) {
          List<Long> blocks = new ArrayList<>();
          OutOfHeapMemoryException full =
              assertThrows(
                  OutOfHeapMemoryException.class,
                  () -> {
                    while (true) {
                      long block = allocator.allocate(size);
                      heap.fill(block, size, (byte) 1);
                      blocks.add(block);
                    }
                  });
          assertTrue(full.getCause() instanceof OutOfSpaceException);
          assertTrue(full.getMessage().contains("ENOSPC"), full::getMessage);
          assertTrue(blocks.size() * size > 4 * MIB, blocks.size() + " of " + size);
          assertTrue(allocator.check().isClean(), () -> allocator.check().toString());
          assertEquals(heap.length(), allocator.check().total());
          blocks.forEach(allocator::free);
          assertEquals(0, allocator.check().blocks());
          allocator.trim();
        }
      }
    }
  }

  @Test
  void aFullFileSystemAtTheStartIsAnException() throws Exception {
    try (MountedTmpfs mounted = MountedTmpfs.mount(directory.resolve("tiny"), "size=60k")) {
      Path path = mounted.path().resolve("heap");
      try (Heap heap = Heap.builder().span(1L << 36).participants(1).create(path)) {
        assertThrows(OutOfSpaceException.class, () -> Allocator.on(heap));
        assertFalse(heap.getLong(heap.dataOffset()) == AllocatorLayout.MAGIC_VALUE);
      }
    }
  }
}
