package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.codec.Codecs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A queue does what a {@link LinkedList} does, whatever is called, and leaks nothing. */
class QueuePropertiesTest {
  private static final int VALUES = 12;

  /** A text of a length that is the value's own; some are large. */
  private static String text(Random random) {
    int value = random.nextInt(VALUES);
    return ("" + (char) ('a' + value)).repeat(value * value);
  }

  @Property(tries = 150)
  void itIsLikeALinkedList(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int steps) {
    Random random = new Random(seed);
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      SharedQueue<String> queue =
          SharedQueue.named(
              fixture.allocator,
              "queue",
              Codecs.strings(),
              QueueSpec.unbounded().withSegmentLength(256 + 64 * random.nextInt(3)));
      LinkedList<String> model = new LinkedList<>();
      int bias = random.nextInt(6);
      for (int i = 0; i < steps; i++) {
        step(queue, model, random, bias);
        QueueCheck check = fixture.check(queue.check());
        assertEquals(model.size(), check.elements());
        assertEquals(model.size(), queue.size());
      }
      assertEquals(model, new ArrayList<>(queue));
      assertEquals(model.toString(), queue.toString());
      SharedQueue.remove(fixture.allocator, "queue");
      fixture.checkEmpty();
    }
  }

  private static void step(
      SharedQueue<String> queue, LinkedList<String> model, Random random, int bias) {
    String text = text(random);
    switch (random.nextInt(10 + bias)) {
      case 0, 1 -> assertEquals(model.poll(), queue.poll());
      case 2 -> assertEquals(model.peek(), queue.peek());
      case 3 -> assertEquals(model.remove(text), queue.remove(text));
      case 4 -> assertEquals(model.contains(text), queue.contains(text));
      case 5 -> {
        int kept = random.nextInt(3);
        assertEquals(
            model.removeIf(each -> each.length() % 3 == kept),
            queue.removeIf(each -> each.length() % 3 == kept));
      }
      case 6 -> iterate(queue, model, random);
      case 7 -> {
        if (random.nextInt(10) == 0) {
          model.clear();
          queue.clear();
        } else {
          int most = random.nextInt(5);
          List<String> drained = new ArrayList<>();
          queue.drainTo(drained, most);
          List<String> expected = new ArrayList<>();
          while (expected.size() < most && !model.isEmpty()) {
            expected.add(model.remove());
          }
          assertEquals(expected, drained);
        }
      }
      default -> assertEquals(model.offer(text), queue.offer(text));
    }
  }

  private static void iterate(SharedQueue<String> queue, LinkedList<String> model, Random random) {
    Iterator<String> expected = model.iterator();
    for (Iterator<String> each = queue.iterator(); each.hasNext(); ) {
      assertEquals(expected.next(), each.next());
      if (random.nextInt(4) == 0) {
        expected.remove();
        each.remove();
      }
    }
    assertEquals(false, expected.hasNext());
  }
}
