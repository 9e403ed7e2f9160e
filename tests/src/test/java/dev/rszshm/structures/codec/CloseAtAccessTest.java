package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.testkit.memory.AccessAnnouncingMemory;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another thread closes the heap before any access of a structure, between the look whether it is
 * open and the access itself, which then finds zeros: the caller is told that the heap is closed,
 * and not that it is damaged, or that somebody has removed the structure.
 */
@Timeout(300)
class CloseAtAccessTest {
  /** The caller may hold what closing needs: then it goes on, and the heap is closed afterwards. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  @BeforeAll
  static void standInTheAccess() {
    // A thread in these packages is taken for one that has checked, and is about to touch memory.
    RetiredSpans.register(AccessAnnouncingMemory.class.getPackageName());
    RetiredSpans.register(CloseAtAccessTest.class.getPackageName());
  }

  /** Closes a heap before one of the accesses of a thread. */
  private static final class Closing {
    private final int place;
    private int accesses;
    private Thread acting;
    private Heap heap;
    private Thread closer;

    Closing(int place) {
      this.place = place;
    }

    Platform platform() {
      Platform host = Platform.host();
      return new Platform(
          new AccessAnnouncingMemory(host.memory(), name -> announced()), host.calls());
    }

    private void announced() {
      if (Thread.currentThread() == acting && accesses++ == place) {
        closer = new Thread(heap::close, "closer");
        closer.start();
        long begin = System.nanoTime();
        while (closer.isAlive()
            && closer.getState() != Thread.State.BLOCKED
            && System.nanoTime() - begin < PATIENCE_NANOS) {
          Thread.onSpinWait(); // who waits is taken for one that checks again
        }
      }
    }

    /** Returns whether there was such an access. */
    boolean during(Heap closed, Runnable act) throws InterruptedException {
      heap = closed;
      acting = Thread.currentThread();
      try {
        act.run();
      } finally {
        acting = null;
        if (closer != null) {
          closer.join();
        }
      }
      return closer != null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoUsesAStructureIsToldThatTheHeapIsClosed(CodecKind kind) throws Exception {
    List<String> wrong = new ArrayList<>();
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int place = 0;
      while (closesAt(place, kind, directory.path().resolve("heap" + place), wrong)) {
        place += Storm.oneIn(5);
      }
      assertTrue(place > 50, "there are " + place + " places");
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @EnumSource
  void whatACallSaysItHasWrittenIsThere(CodecKind kind) throws Exception {
    List<Integer> lost = new ArrayList<>();
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int place = 0;
      while (writesAt(place, kind, directory.path().resolve("heap" + place), lost)) {
        place += Storm.oneIn(3);
      }
      assertTrue(place > 10, "there are " + place + " places");
    }
    assertEquals(List.of(), lost);
  }

  private static boolean writesAt(int place, CodecKind kind, Path path, List<Integer> lost)
      throws Exception {
    Closing closing = new Closing(place);
    boolean[] written = new boolean[1];
    boolean closes;
    try (Heap heap = Heap.builder().span(8 << 20).platform(closing.platform()).create(path);
        Allocator allocator = Allocator.on(heap)) {
      CodecKind.Handle<String> handle = kind.open(allocator, Codecs.strings());
      handle.write("first");
      closes = closing.during(heap, () -> written[0] = writes(handle));
    }
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      List<String> found = kind.find(allocator, Codecs.strings()).orElseThrow().read();
      assertTrue(found.contains("first"), found::toString);
      if (written[0] && !found.contains("second")) {
        lost.add(place);
      }
    } finally {
      Heap.remove(path);
    }
    return closes;
  }

  private static boolean writes(CodecKind.Handle<String> handle) {
    try {
      handle.write("second");
      return true;
    } catch (IllegalStateException closed) {
      assertTrue(closed.getMessage().contains("closed"), closed::toString);
      return false;
    }
  }

  /** A change, and how to see whether it is there. */
  private enum Change {
    /** Of the heap itself. */
    ADD(a -> a.heap().getAndAddLong(word(a), 1) == 0, a -> a.heap().getLong(word(a)) == 1),
    COMPARE_AND_SET(
        a -> a.heap().compareAndSetInt(word(a), 0, 1), a -> a.heap().getInt(word(a)) == 1),
    SEND(
        a -> channel(a, false).trySend(new byte[3]),
        a -> channel(a, false).tryReceive().isPresent()),
    /** The second one takes the short way. */
    SEND_ALONE(
        a -> channel(a, true).trySend(new byte[3]) && channel(a, true).trySend(new byte[3]),
        a ->
            channel(a, true).tryReceive().isPresent() && channel(a, true).tryReceive().isPresent()),
    COMMIT(
        a -> {
          try (Claim claim = channel(a, false).claimUninterruptibly(3)) {
            claim.commit();
          }
          return true;
        },
        a -> channel(a, false).tryReceive().isPresent()),
    APPEND(a -> numbers(a).append(7) == 0, a -> numbers(a).size() == 1),
    SET_BIT(a -> !bits(a).getAndSet(5), a -> bits(a).get(5)),
    FLIP_BIT(a -> bits(a).flip(5), a -> bits(a).get(5)),
    ALLOCATE(a -> a.allocateInto(slot(a), 100) != 0, a -> a.get(slot(a)) != 0),
    INTERN(a -> texts(a).intern("a") >= 0, a -> texts(a).find("a").isPresent());

    final Predicate<Allocator> make;
    final Predicate<Allocator> isThere;

    Change(Predicate<Allocator> make, Predicate<Allocator> isThere) {
      this.make = make;
      this.isThere = isThere;
    }

    private static Channel channel(Allocator allocator, boolean single) {
      ChannelSpec spec = ChannelSpec.of(16, Width.variable(100));
      return Channel.named(
          allocator, "channel", single ? spec.singleSender().singleReceiver() : spec);
    }

    private static SharedLongList numbers(Allocator allocator) {
      return SharedLongList.named(allocator, "numbers");
    }

    private static SharedBitSet bits(Allocator allocator) {
      return SharedBitSet.named(allocator, "bits");
    }

    private static StringTable texts(Allocator allocator) {
      return StringTable.named(allocator, "texts");
    }

    private static long word(Allocator allocator) {
      return allocator.place("word", 1, 8, 8);
    }

    private static long slot(Allocator allocator) {
      return allocator.place("slot", 1, 1, 8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatACallSaysItHasChangedIsThere(Change change) throws Exception {
    List<Integer> lost = new ArrayList<>();
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int place = 0;
      for (boolean closes = true; closes; place++) {
        Closing closing = new Closing(place);
        Path path = directory.path().resolve("heap" + place);
        boolean[] made = new boolean[1];
        try (Heap heap = Heap.builder().span(8 << 20).platform(closing.platform()).create(path);
            Allocator allocator = Allocator.on(heap)) {
          assertFalse(change.isThere.test(allocator)); // and what it is part of is made
          closes = closing.during(heap, () -> made[0] = succeeds(change, allocator));
        }
        try (Heap heap = Heap.attach(path);
            Allocator allocator = Allocator.on(heap)) {
          if (made[0] && !change.isThere.test(allocator)) {
            lost.add(place);
          }
        } finally {
          Heap.remove(path);
        }
      }
      assertTrue(place > 3, "there are " + place + " places");
    }
    assertEquals(List.of(), lost);
  }

  private static boolean succeeds(Change change, Allocator allocator) {
    try {
      return change.make.test(allocator);
    } catch (NoSuchElementException none) {
      return false; // there is no room to be seen
    } catch (IllegalStateException closed) {
      assertTrue(closed.getMessage().contains("closed"), closed::toString);
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageIsReceivedAsItWasSentOrNotAtAll(boolean singleEnds) throws Exception {
    ChannelSpec spec = ChannelSpec.of(16, Width.variable(100));
    ChannelSpec chosen = singleEnds ? spec.singleSender().singleReceiver() : spec;
    byte[] sent = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int place = 0;
      for (boolean closes = true; closes; place++) {
        Closing closing = new Closing(place);
        Path path = directory.path().resolve("heap" + place);
        try (Heap heap = Heap.builder().span(8 << 20).platform(closing.platform()).create(path);
            Allocator allocator = Allocator.on(heap)) {
          Channel channel = Channel.named(allocator, "channel", chosen);
          for (int i = 0; i < 4; i++) {
            assertTrue(channel.trySend(sent));
          }
          assertArrayEquals(sent, channel.tryReceive().orElseThrow()); // the end is taken
          closes = closing.during(heap, () -> receive(channel, sent));
        } finally {
          Heap.remove(path);
        }
      }
      assertTrue(place > 5, "there are " + place + " places");
    }
  }

  private static void receive(Channel channel, byte[] sent) {
    try {
      assertArrayEquals(sent, channel.tryReceive().orElseThrow());
      byte[] into = new byte[100];
      assertEquals(sent.length, channel.tryReceive(into).orElseThrow());
      assertArrayEquals(sent, Arrays.copyOf(into, sent.length));
    } catch (NoSuchElementException none) {
      // A channel of which nothing is left to see is empty.
    } catch (IllegalStateException closed) {
      assertTrue(closed.getMessage().contains("closed"), closed::toString);
    }
  }

  private static boolean closesAt(int place, CodecKind kind, Path path, List<String> wrong)
      throws Exception {
    Closing closing = new Closing(place);
    try (Heap heap = Heap.builder().span(8 << 20).platform(closing.platform()).create(path);
        Allocator allocator = Allocator.on(heap)) {
      CodecKind.Handle<String> handle = kind.open(allocator, Codecs.strings());
      handle.write("first");
      return closing.during(heap, () -> use(kind, allocator, handle, place, wrong));
    } finally {
      Heap.remove(path);
    }
  }

  private static void use(
      CodecKind kind,
      Allocator allocator,
      CodecKind.Handle<String> handle,
      int place,
      List<String> wrong) {
    try {
      handle.write("second");
      handle.read();
      handle.take("third");
      kind.find(allocator, Codecs.strings());
    } catch (IllegalStateException closed) {
      if (!closed.getMessage().contains("closed")) {
        wrong.add(place + ": " + closed);
      }
    } catch (UnsupportedOperationException | AssertionError other) {
      // Not all kinds can do all of this; and a test may not find what it has just put there.
    } catch (RuntimeException e) {
      wrong.add(place + ": " + e + " at " + List.of(e.getStackTrace()).subList(0, 4));
    }
  }
}
