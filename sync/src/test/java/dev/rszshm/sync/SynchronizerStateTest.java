package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynchronizerStateTest {
  private static final long ROOM = 8192;

  @TempDir Path directory;
  private Heap heap;
  private long place;

  @BeforeEach
  void make() {
    heap = Heap.builder().name("tester").length(1 << 16).create(directory.resolve("heap"));
    place = (heap.dataOffset() + 127) & -128;
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private SynchronizerState look(SynchronizerKind kind) {
    return SynchronizerState.at(heap, place, kind, ROOM);
  }

  @Test
  void lockTellsItsHolderUntilItIsFree() {
    Mutex mutex = Mutex.at(heap, place);
    assertEquals("free", look(SynchronizerKind.MUTEX).summary());
    mutex.lock();
    SynchronizerState held = look(SynchronizerKind.MUTEX);
    long thread = Thread.currentThread().getId();
    assertEquals(OptionalLong.of(thread), held.holder().orElseThrow().thread());
    assertEquals(
        "held by process " + ProcessHandle.current().pid() + " (tester), thread " + thread,
        held.summary());
    assertFalse(held.isFree());
    mutex.unlock();
    assertTrue(look(SynchronizerKind.MUTEX).isFree());
    assertEquals(List.of(), look(SynchronizerKind.MUTEX).damage());
  }

  @Test
  void readersOfALockAreCounted() {
    SharedReadWriteLock lock = SharedReadWriteLock.at(heap, place);
    lock.readLock().lock();
    SynchronizerState read = look(SynchronizerKind.READ_WRITE_LOCK);
    assertEquals("held by 1 reader", read.summary());
    assertEquals(1, read.participants().size());
    lock.readLock().unlock();
    assertEquals("free", look(SynchronizerKind.READ_WRITE_LOCK).summary());
    lock.writeLock().lock();
    assertTrue(look(SynchronizerKind.READ_WRITE_LOCK).holder().isPresent());
    lock.writeLock().unlock();
  }

  @Test
  void permitsAndCountsAreTold() throws InterruptedException {
    RobustSemaphore semaphore = RobustSemaphore.at(heap, place, 3);
    semaphore.acquire();
    SynchronizerState state = look(SynchronizerKind.ROBUST_SEMAPHORE);
    assertEquals("2 of 3 permits left", state.summary());
    assertEquals(heap.self().orElseThrow().tag(), state.participants().get(0).tag());
    heap.fill(place, ROOM, (byte) 0);
    SharedSemaphore.at(heap, place, 5, 7);
    assertEquals("5 of 7 permits left", look(SynchronizerKind.SEMAPHORE).summary());
    heap.fill(place, ROOM, (byte) 0);
    RobustLatch latch = RobustLatch.at(heap, place, 2);
    latch.register();
    assertEquals("2 of 2 counts left", look(SynchronizerKind.ROBUST_LATCH).summary());
    latch.countDown();
    assertEquals("1 of 2 counts left", look(SynchronizerKind.ROBUST_LATCH).summary());
    heap.fill(place, ROOM, (byte) 0);
    SharedBarrier.at(heap, place, 4);
    assertEquals("0 of 4 parties wait, round 0", look(SynchronizerKind.BARRIER).summary());
  }

  @ParameterizedTest
  @EnumSource(SynchronizerKind.class)
  void zerosAreSoundAndAnyOtherWordIsReadWithoutAnException(SynchronizerKind kind) {
    assertEquals(List.of(), look(kind).damage());
    assertEquals(SynchronizerKind.ofRootType(kind.rootType()).orElseThrow(), kind);
    for (long word : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 0x8000_0000L, 0xff00ff00L}) {
      for (int at = 0; at < 40; at += 8) {
        heap.fill(place, ROOM, (byte) 0);
        heap.putLong(place + at, word);
        look(kind);
        assertEquals(kind, SynchronizerState.at(heap, place, kind, 8).kind());
      }
    }
  }

  @Test
  void wordThatNoLockCanHaveIsDamage() {
    for (long word : new long[] {1, 3, 0xffL << 32, 0x1234}) {
      heap.putLong(place, word);
      SynchronizerState state = look(SynchronizerKind.FAST_MUTEX);
      assertEquals("damaged", state.summary());
      assertEquals(1, state.damage().size());
    }
    heap.putLong(place, 0x7_0000_0010L); // a tag that nobody has
    assertEquals(1, look(SynchronizerKind.MUTEX).leftByTheDead().size());
  }

  @Test
  void aHeapForReadingWillDo() {
    Mutex.at(heap, place).lock();
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      SynchronizerState state =
          SynchronizerState.at(reader, place, SynchronizerKind.MUTEX, Mutex.LENGTH);
      assertTrue(state.holder().orElseThrow().participant().alive());
      assertEquals(List.of(), state.leftByTheDead());
    }
  }
}
