package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.RootLayout;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.Size;

/**
 * Any word in any table: whoever uses the allocator gets an exception that says so, or goes on.
 * Nobody crashes, and nobody loops without end.
 */
class HostileWordsTest {
  private static final long LIMIT = TimeUnit.SECONDS.toMillis(180);
  private static final int PATIENCE_WITH_ROOTS = 3;

  enum Table {
    NUMBERS,
    OWNERS,
    HINTS,
    SUMMARY,
    BITMAPS,
    ROOTS,
    LANES
  }

  /**
   * A word to store.
   *
   * @param place which of the table, as far as it is in use
   */
  record Damage(Table table, int place, long word) {}

  @Provide
  Arbitrary<Damage> damages() {
    Arbitrary<Long> any = Arbitraries.longs().withDistribution(RandomDistribution.uniform());
    Arbitrary<Long> small = Arbitraries.longs().between(-2, 1 << 20);
    Arbitrary<Long> aux = Arbitraries.of(0L, 1L, 2L, 5L, 60L, 1000L, OwnerWord.MAX_AUX);
    Arbitrary<Long> owner =
        Combinators.combine(
                Arbitraries.integers().between(0, 15),
                Arbitraries.integers().between(0, 63),
                Arbitraries.of(0, 1, 2, 3, 77, OwnerWord.MAX_LANES),
                Arbitraries.integers().between(0, 3),
                aux)
            .as(OwnerWord::of);
    return Combinators.combine(
            Arbitraries.of(Table.class),
            Arbitraries.integers()
                .between(0, 1 << 20)
                .withDistribution(RandomDistribution.uniform()),
            Arbitraries.oneOf(any, small, owner))
        .as(Damage::new);
  }

  private static long offset(Tables tables, Damage damage) {
    AllocatorGeometry geometry = tables.geometry;
    int chunks = tables.frontier();
    int place = damage.place;
    return switch (damage.table) {
      case NUMBERS -> geometry.base() + 256 + 128L * (place % 4);
      case OWNERS -> geometry.ownerOffset(place % (chunks + 5));
      case HINTS ->
          geometry.groupOffset(place % ((chunks + 63) / 64), place / 100 % HintLayout.KINDS);
      case SUMMARY ->
          geometry.summaryOffset(
              place % HintLayout.KINDS, place / 100 % Math.max(1, geometry.summaryWords()));
      case BITMAPS -> geometry.descriptorOffset(place % chunks) + 8L * (place / 100 % 128);
      case ROOTS -> {
        int word = place / 100 % (RootLayout.LENGTH / 8);
        yield geometry.rootOffset(place % 4) + (word == 1 ? RootLayout.STATE : 8L * word);
      }
      case LANES ->
          geometry.laneOffset(1 + place % 8)
              + (place / 100 % 2 == 0 ? LaneLayout.WORD : LaneLayout.PENDING);
    };
  }

  @Property(tries = 150)
  void anyWordIsAnExceptionOrAFinding(
      @ForAll @Size(min = 1, max = 8) List<@From("damages") Damage> damages) throws Exception {
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      List<Long> blocks = new ArrayList<>();
      for (long size : new long[] {16, 100, 3000, 20_000, 60_000, 200_000, 300_000, 5_000_000}) {
        for (int i = 0; i < 5; i++) {
          blocks.add(allocator.allocate(size));
        }
        allocator.free(blocks.remove(blocks.size() - 3));
      }
      allocator.root("root", 1, 1, 100);
      allocator.root("other", 1, 1, 100);
      Thread elsewhere = new Thread(() -> allocator.free(allocator.allocate(3000)));
      elsewhere.start();
      elsewhere.join();
      Tables tables = TableSetup.open(heap, false);
      long[] offsets = damages.stream().mapToLong(damage -> offset(tables, damage)).toArray();
      for (int i = 0; i < offsets.length; i++) {
        heap.putLong(offsets[i], damages.get(i).word);
      }
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread user = new Thread(() -> useAll(heap, allocator, blocks));
      user.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
      user.setDaemon(true);
      user.start();
      user.join(LIMIT);
      if (user.isAlive()) {
        AssertionError hangs = new AssertionError("hangs");
        hangs.setStackTrace(user.getStackTrace());
        throw hangs;
      }
      if (thrown.get() != null) {
        throw new AssertionError(thrown.get());
      }
    }
  }

  private static void useAll(Heap heap, Allocator allocator, List<Long> blocks) {
    use(allocator::check);
    use(allocator::statistics);
    use(allocator::roots);
    use(() -> allocator.findRoot("root"));
    use(() -> Allocator.on(heap).close());
    for (long block : blocks) {
      use(() -> allocator.usableSize(block));
      use(() -> allocator.reallocate(block, 2 * block % 400_000));
    }
    for (long size : new long[] {16, 100, 3000, 20_000, 60_000, 200_000, 300_000, 9_000_000}) {
      use(() -> heap.putLong(allocator.allocate(size), 1));
    }
    for (long block : blocks) {
      use(() -> allocator.free(block));
      use(() -> allocator.free(block + SizeClasses.CHUNK));
    }
    use(allocator::trim);
    use(allocator::recover);
    for (int i = 0; i < PATIENCE_WITH_ROOTS; i++) {
      String name = "root " + i;
      use(() -> allocator.root(name, 1, 1, 100));
    }
    use(() -> allocator.root("other", 1, 1, 100));
    use(() -> allocator.removeRoot("root"));
    for (int i = 0; i < 20; i++) {
      use(() -> allocator.allocate(100_000));
    }
    use(allocator::check);
    use(allocator::statistics);
  }

  private static void use(Runnable call) {
    try {
      call.run();
    } catch (HeapException | IllegalStateException | IllegalArgumentException e) {
      assertFalse(e.getMessage() == null, e::toString);
      assertTrue(e.getMessage().length() > 10, e::toString);
    }
  }
}
