package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.allocator.errors.RootTableFullException;
import dev.rszshm.allocator.internal.root.RootType;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RootsTest {
  private static final long MIB = 1 << 20;

  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(16 * MIB).createAnonymous();
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    assertEquals(List.of(), allocator.check().findings());
    heap.close();
  }

  @Test
  void aRootForWhichThereIsNoRoomIsNotMade() {
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.root("much", 1, 1, 64 * MIB));
    assertEquals(List.of(), allocator.roots());
    RootEntry less = allocator.root("much", 1, 1, MIB);
    assertEquals(MIB, less.size());
    assertTrue(allocator.usableSize(allocator.get(less.slot())) >= MIB);
  }

  @Test
  void aFullTableIsAnExceptionUntilARootIsRemoved() {
    int count = TableSetup.open(heap, false).geometry.rootCount();
    for (int i = 0; i < count; i++) {
      allocator.root("root " + i, i, 1, 16);
    }
    String message =
        assertThrows(RootTableFullException.class, () -> allocator.root("more", 1, 1, 16))
            .getMessage();
    assertTrue(message.contains("has " + count + " roots"), message);
    assertEquals(count, allocator.roots().size());
    assertEquals(count, allocator.check().blocks());
    assertEquals(5, allocator.root("root 5", 5, 1, 16).type(), "those that are there are found");
    assertTrue(allocator.removeRoot("root 5"));
    assertEquals(1, allocator.root("more", 1, 1, 16).type());
  }

  @Test
  void aRootWhoseStateWasOverwrittenIsFoundByTheCheck() {
    long state = Roots.entryOffset(allocator.root("lost", 1, 1, 16));
    long before = heap.getLong(state);
    heap.putLong(state, 0);
    assertTrue(allocator.findRoot("lost").isEmpty());
    String found = allocator.check().findings().toString();
    assertTrue(found.contains("its state was overwritten"), found);
    heap.putLong(state, before);
  }

  @Test
  void namesOfOneTo88BytesAreNames() {
    String longest = "ü".repeat(44);
    assertEquals(longest, allocator.root(longest, 1, 1, 1).name());
    assertTrue(allocator.findRoot(longest).isPresent());
    for (String bad : List.of("", longest + "x")) {
      assertThrows(IllegalArgumentException.class, () -> allocator.root(bad, 1, 1, 1));
    }
  }

  /** The lock is that of an attachment that lives, so the thread waits; and gets on when it is. */
  @Test
  void aThreadThatIsInterruptedWhileItWaitsGetsItsRootAndStaysInterrupted() throws Exception {
    long lock = heap.dataOffset() + AllocatorLayout.ROOT_LOCK;
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      var holder = other.self().orElseThrow();
      heap.putLongVolatile(lock, (holder.slot() + 1L) << 30 | holder.generation());
      AtomicBoolean interrupted = new AtomicBoolean();
      FutureTask<RootEntry> asked =
          new FutureTask<>(
              () -> {
                RootEntry root = allocator.root("waited for", 1, 1, 100);
                interrupted.set(Thread.currentThread().isInterrupted());
                return root;
              });
      Thread thread = new Thread(asked);
      thread.start();
      thread.interrupt();
      while (thread.getState() != Thread.State.TIMED_WAITING
          && thread.getState() != Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      assertEquals(0, allocator.roots().size());
      heap.putLongVolatile(lock, 0);
      heap.wake(lock, 1);
      assertEquals("waited for", asked.get().name());
      thread.join();
      assertTrue(interrupted.get());
    }
  }

  @Test
  void theLockOfADeadIsTaken() {
    Heap other = Heap.builder().anyAddress().attach(heap.path());
    var holder = other.self().orElseThrow();
    long lock = heap.dataOffset() + AllocatorLayout.ROOT_LOCK;
    heap.putLongVolatile(lock, (holder.slot() + 1L) << 30 | holder.generation());
    other.close();
    assertEquals("taken", allocator.root("taken", 1, 1, 100).name());
    assertEquals(0, heap.getLongVolatile(lock));
  }

  /** Whoever made the entry died before it allocated, or whoever removed it after it freed. */
  @Test
  void aRootWithoutABlockGetsOne() {
    RootEntry root = allocator.root("emptied", 1, 1, 100);
    allocator.freeFrom(root.slot());
    assertEquals(root, allocator.root("emptied", 1, 1, 100));
    assertTrue(allocator.usableSize(allocator.get(root.slot())) >= 100);
  }

  @Test
  void aMismatchSaysWhatTheTypesStandFor() {
    allocator.root("typed", 0x5359_4e43_0001L, 1, 8);
    RootMismatchException e =
        assertThrows(
            RootMismatchException.class,
            () -> allocator.root("typed", 0x4c4e_4148_435a_5352L, 1, 8));
    assertTrue(e.getMessage().contains("type 91643030208513 (mutex)"), e::getMessage);
    assertTrue(e.getMessage().contains("(channel)"), e::getMessage);
    assertEquals("7", RootType.describe(7));
    assertEquals(-1 + "", RootType.describe(-1));
    assertEquals("1145258309 (\"EACD\")", RootType.describe(0x4443_4145));
  }

  /** Somebody was interrupted by an error in the middle of a change, and could not let go. */
  @Test
  void theLockThatAThreadOfThisAttachmentHasLeftIsTaken() {
    var self = heap.self().orElseThrow();
    long lock = heap.dataOffset() + AllocatorLayout.ROOT_LOCK;
    heap.putLongVolatile(lock, (self.slot() + 1L) << 30 | self.generation());
    assertEquals("taken", allocator.root("taken", 1, 1, 100).name());
    try (Allocator second = Allocator.on(heap)) {
      heap.putLongVolatile(lock, (self.slot() + 1L) << 30 | self.generation());
      assertTrue(second.removeRoot("taken"));
    }
    assertEquals(0, heap.getLongVolatile(lock));
  }

  /** A root that goes while it is looked at is no damage, and neither is one that comes. */
  @Test
  void aCheckBesideRootsThatComeAndGoFindsNoDamage() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    FutureTask<?> changes =
        new FutureTask<>(
            () -> {
              while (!stop.get()) {
                allocator.root("a", 1, 1, 64);
                allocator.removeRoot("a");
                allocator.root("b", 1, 1, 64);
                allocator.root("a", 1, 1, 64);
                allocator.removeRoot("b");
                allocator.removeRoot("a");
              }
              return null;
            });
    new Thread(changes).start();
    try {
      for (int i = 0; i < 50_000; i++) {
        AllocatorCheck check = allocator.check();
        assertTrue(check.isSound(), () -> check.findings().toString());
      }
    } finally {
      stop.set(true);
    }
    changes.get();
  }

  /** Names share an entry of the table one after the other, but never a block. */
  @Test
  void aBlockOfARootIsAsLongAsTheRootSaysWhileOthersRemoveAndMakeRoots() throws Exception {
    CountDownLatch start = new CountDownLatch(3);
    FutureTask<?>[] tasks = new FutureTask<?>[3];
    for (int i = 0; i < 3; i++) {
      long size = 100L << (3 * i);
      String name = "root " + i;
      tasks[i] =
          new FutureTask<>(
              () -> {
                start.countDown();
                start.await();
                for (int round = 0; round < 3000; round++) {
                  RootEntry root = allocator.root(name, 1, 1, size);
                  long block = allocator.get(root.slot());
                  assertTrue(allocator.usableSize(block) >= size, name);
                  assertTrue(allocator.usableSize(block) < 2 * size, name);
                  assertTrue(allocator.removeRoot(name));
                }
                return null;
              });
      new Thread(tasks[i]).start();
    }
    for (FutureTask<?> task : tasks) {
      task.get();
    }
    assertEquals(0, allocator.check().blocks());
  }

  /** Two ask for a root and remove it, so that one often asks for what is just going. */
  @Test
  void noBlockIsLostWhenARootIsAskedForAndRemovedAtOnce() throws Exception {
    FutureTask<?>[] tasks = new FutureTask<?>[2];
    for (int i = 0; i < 2; i++) {
      tasks[i] =
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 5000; round++) {
                  allocator.root("one", 1, 1, 100);
                  allocator.removeRoot("one");
                }
                return null;
              });
      new Thread(tasks[i]).start();
    }
    for (FutureTask<?> task : tasks) {
      task.get();
    }
    assertEquals(List.of(), allocator.roots());
    assertEquals(0, allocator.check().blocks());
  }

  /** Each would be taken for a question mark, and never be found again. */
  @Test
  void nameThatUtf8DoesNotHaveIsRefused() {
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      String half = "a\ud800";
      assertThrows(IllegalArgumentException.class, () -> allocator.root(half, 1, 1, 8));
      assertTrue(allocator.findRoot(half).isEmpty());
      assertEquals(List.of(), allocator.roots());
      allocator.root("a\ud83d\ude00", 1, 1, 8);
      assertTrue(allocator.findRoot("a\ud83d\ude00").isPresent());
    }
  }

  @Test
  void blockThatIsLongerThanTheSpanIsTold() {
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      String message =
          assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(1L << 40))
              .getMessage();
      assertTrue(message.contains("the span has " + heap.span()), message);
    }
  }
}
