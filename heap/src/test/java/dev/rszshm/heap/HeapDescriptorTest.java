package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.UnsealedHeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors of heaps, for those who pass them on themselves. */
class HeapDescriptorTest {
  private static final SystemCalls SYSTEM = SystemCalls.host();

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private static HeapBuilder small() {
    return Heap.builder().span(1 << 20).participants(4);
  }

  private static HeapBuilder anywhere() {
    return Heap.builder().anyAddress();
  }

  @Test
  void aDuplicateOutlivesItsHeap() {
    HeapDescriptor given;
    HeapDescriptor duplicate;
    try (Heap heap = small().createAnonymous()) {
      heap.putLong(heap.dataOffset(), 42);
      given = heap.descriptor();
      duplicate = given.duplicate();
      assertNotEquals(given.number(), duplicate.number());
    }
    assertThrows(IllegalStateException.class, given::number);
    assertThrows(IllegalStateException.class, given::path);
    assertThrows(IllegalStateException.class, given::duplicate);
    assertThrows(IllegalStateException.class, () -> Heap.attach(given));
    try (duplicate;
        Heap heap = Heap.attach(duplicate)) {
      assertEquals(42, heap.getLong(heap.dataOffset()));
    }
    duplicate.close();
    assertThrows(IllegalStateException.class, duplicate::duplicate);
  }

  @Test
  void aSecondAttachmentHasItsOwnPlaceInTheTableAndItsOwnDeath() {
    try (Heap heap = small().createAnonymous()) {
      assertThrows(AlreadyAttachedException.class, () -> Heap.attach(heap.descriptor()));
      Participant second;
      try (Heap other = anywhere().attach(heap.descriptor())) {
        second = other.self().orElseThrow();
        assertEquals(2, heap.participants().size());
        assertTrue(heap.isAlive(second.slot(), second.generation()));
        // With one open file for both, each would hold the lock of the other.
        assertNotEquals(heap.descriptor().number(), other.descriptor().number());
        other.growTo(other.length() + 1);
      }
      assertFalse(heap.isAlive(second.slot(), second.generation()));
      assertEquals(1, heap.participants().size());
    }
  }

  @Test
  void theSecondAttachmentStaysWhenTheFirstIsClosed() {
    Heap first = small().createAnonymous();
    try (Heap second = anywhere().attach(first.descriptor())) {
      first.close();
      second.putLong(second.growTo(second.length() + 1) - 8, 5);
      try (Heap third = Heap.attach(second.path())) {
        assertEquals(first.address(), third.base(), "the address of the heap is free again");
        assertEquals(5, third.getLong(third.length() - 8));
      }
    }
  }

  @Test
  void aHeapWithANameKeepsItThroughADescriptor() {
    Path path = directory.resolve("heap");
    small().create(path).close();
    try (Heap heap = Heap.attach(path);
        Heap other = anywhere().attach(heap.descriptor())) {
      assertEquals(path, other.path());
      assertTrue(other.remove());
      try (Heap third = anywhere().attach(heap.descriptor())) {
        assertEquals(third.descriptor().path(), third.path());
        assertFalse(third.unlink());
      }
    }
  }

  @Test
  void whoAttachesThroughALinkHasAPathOfHisOwn() {
    Heap first = small().createAnonymous();
    try (Heap second = anywhere().attach(first.path())) {
      first.close();
      assertEquals(second.descriptor().path(), second.path());
      Heap.attach(second.path()).close();
    }
  }

  @Test
  void aDescriptorForReadingIsEnoughForWhoMayWrite() {
    Path path = directory.resolve("heap");
    try (Heap heap = small().create(path)) {
      int reading = SYSTEM.open(path.toString(), false, false);
      try (Heap other = anywhere().attach(HeapDescriptor.of(reading))) {
        other.putLong(other.dataOffset(), 3);
        assertEquals(3, heap.getLong(heap.dataOffset()));
      } finally {
        SYSTEM.close(reading);
      }
    }
  }

  @Test
  void whatIsNoHeapIsRefusedAndLeavesNoDescriptor() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "x".repeat(5000));
    int before = openFiles(directory);
    for (Path path : List.of(text, directory, Path.of("/dev/null"))) {
      int number = SYSTEM.open(path.toString(), false, true);
      try {
        HeapDescriptor descriptor = HeapDescriptor.of(number);
        NotAHeapException thrown =
            assertThrows(NotAHeapException.class, () -> Heap.attach(descriptor));
        assertTrue(thrown.getMessage().contains("is not a heap"), thrown::getMessage);
      } finally {
        SYSTEM.close(number);
      }
      assertThrows(NoSuchHeapException.class, () -> Heap.attach(HeapDescriptor.of(number)));
    }
    assertThrows(IllegalArgumentException.class, () -> HeapDescriptor.of(-1));
    assertEquals(before, openFiles(directory));
  }

  /** Those that a test here may have opened; the JVM opens and closes others as it likes. */
  static int openFiles(Path directory) {
    return ProcSelf.descriptorsOf("/memfd:").size()
        + ProcSelf.descriptorsOf("socket:").size()
        + ProcSelf.descriptorsOf("/dev/null").size()
        + ProcSelf.descriptorsOf(directory.toString()).size();
  }

  @Test
  void memoryThatIsNotSealedIsRefused() {
    int number = SYSTEM.createInMemory("unsealed");
    try {
      SYSTEM.truncate(number, 1 << 16);
      UnsealedHeapException thrown =
          assertThrows(UnsealedHeapException.class, () -> Heap.attach(HeapDescriptor.of(number)));
      assertTrue(thrown.getMessage().contains("F_SEAL_SHRINK"), thrown::getMessage);
    } finally {
      SYSTEM.close(number);
    }
  }

  @Test
  void whatMayNotBeOpenedIsDenied() {
    FaultySystemCalls calls = new FaultySystemCalls().fail("open", 1, Errno.EACCES);
    try (Heap heap = small().createAnonymous()) {
      HeapAccessDeniedException thrown =
          assertThrows(
              HeapAccessDeniedException.class,
              () -> anywhere().platform(calls.platform()).attach(heap.descriptor()));
      assertTrue(thrown.getMessage().contains("may not be opened"), thrown::getMessage);
    }
  }

  @Test
  void theFileOfAnotherUserIsRefusedUnlessItIsTrusted() {
    int user = SYSTEM.effectiveUser();
    FaultySystemCalls calls =
        new FaultySystemCalls()
            .answer("effectiveUser", FaultySystemCalls.EVERY, user + 1)
            .instead(
                "status",
                FaultySystemCalls.EVERY,
                (call, arguments) -> {
                  var real = (FileStatus) call.with(arguments);
                  return new FileStatus(real.key(), real.length(), user + 2, real.regular());
                });
    try (Heap heap = small().createAnonymous()) {
      HeapBuilder builder = anywhere().platform(calls.platform());
      assertThrows(HeapAccessDeniedException.class, () -> builder.attach(heap.descriptor()));
      builder.foreignOwner().attach(heap.descriptor()).close();
    }
  }
}
