package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.view.ElementType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Arrays beside lists of the JDK, and with words that nobody can have written. */
class SharedArrayPropertiesTest {
  /** A place, of 24 bytes. */
  public record Point(long x, long y, int color) {}

  private static final StructLayout<Point> POINT = StructLayout.of(Point.class);

  @Property(tries = 200)
  void itIsAsAListOfItsElements(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 3000) Integer> steps,
      @ForAll long seed) {
    Random random = new Random(seed);
    try (Heap other = Heap.builder().span(16 << 20).createAnonymous();
        Allocator on = Allocator.on(other)) {
      SharedArray<Point> points = SharedArray.named(on, "points", POINT, 0);
      List<Point> model = new ArrayList<>();
      for (int count : steps) {
        assertEquals(Math.max(count, model.size()), points.ensure(count));
        while (model.size() < count) {
          model.add(new Point(0, 0, 0));
        }
        if (!model.isEmpty()) {
          int index = random.nextInt(model.size());
          Point point = new Point(random.nextLong(), random.nextLong(), random.nextInt());
          points.set(index, point);
          model.set(index, point);
        }
      }
      List<Point> found = new ArrayList<>();
      points.forEach(found::add);
      assertEquals(model, found);
      assertTrue(points.check().isSound());
    }
  }

  @Property(tries = 300)
  void whateverIsInItsHeadEachMethodEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap other = Heap.builder().span(16 << 20).createAnonymous();
        Allocator on = Allocator.on(other)) {
      SharedArray<Long> numbers = SharedArray.named(on, "numbers", ElementType.INT64, 3000);
      long head = on.get(on.findRoot("numbers").orElseThrow().slot());
      long word = head + 8L * random.nextInt(SharedArray.LENGTH / 8);
      other.putLong(
          word,
          switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> other.getLong(word) ^ 1L << random.nextInt(64);
            case 2 -> other.getLong(head + 8L * random.nextInt(SharedArray.LENGTH / 8));
            default -> 0;
          });
      assertTimeoutPreemptively(
          Duration.ofMinutes(3),
          () -> {
            for (int i = 0; i < 30; i++) {
              operate(on, numbers, random);
            }
          });
    }
  }

  private static void operate(Allocator on, SharedArray<Long> numbers, Random random) {
    try {
      switch (random.nextInt(6)) {
        case 0 -> numbers.get(random.nextInt(4000));
        case 1 -> numbers.set(random.nextInt(4000), 1L);
        case 2 -> numbers.ensure(random.nextInt(6000));
        case 3 -> numbers.check();
        case 4 -> SharedArray.named(on, "numbers", ElementType.INT64, 10).get(random.nextInt(3000));
        default -> numbers.size();
      }
    } catch (HeapException | IllegalArgumentException | IndexOutOfBoundsException told) {
      // It says what is wrong.
    }
  }
}
