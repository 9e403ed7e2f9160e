package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChannelQueueTest {
  private Heap heap;
  private Channel channel;
  private BlockingQueue<String> queue;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
    channel = Kinds.channel(heap, ChannelSpec.of(3, Width.variable(20)));
    queue = channel.asBlockingQueue(Codecs.strings());
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void whatIsPutIsTakenInOrder() throws Exception {
    queue.put("ä");
    assertTrue(queue.offer(""));
    assertTrue(queue.offer("c", 1, TimeUnit.SECONDS));
    assertFalse(queue.offer("d"));
    assertFalse(queue.offer("d", 1, TimeUnit.MILLISECONDS));
    assertThrows(IllegalStateException.class, () -> queue.add("d"));
    assertEquals(3, queue.size());
    assertEquals(0, queue.remainingCapacity());
    assertEquals("ä", queue.take());
    assertEquals("", queue.poll());
    assertEquals("c", queue.poll(1, TimeUnit.SECONDS));
    assertNull(queue.poll());
    assertNull(queue.poll(1, TimeUnit.MILLISECONDS));
    assertTrue(queue.isEmpty());
  }

  @Test
  void whoTakesWaitsForOneWhoPuts() throws Exception {
    FutureTask<String> taker = Kinds.inThread(queue::take);
    queue.put("x");
    assertEquals("x", Kinds.get(taker));
  }

  @Test
  void theLongestTimeIsForEver() throws Exception {
    assertTrue(queue.offer("a", Long.MAX_VALUE, TimeUnit.DAYS));
    assertEquals("a", queue.poll(Long.MAX_VALUE, TimeUnit.DAYS));
  }

  @Test
  void allCanBeDrained() {
    queue.addAll(List.of("a", "b", "c"));
    List<String> drained = new ArrayList<>();
    assertEquals(2, queue.drainTo(drained, 2));
    assertEquals(1, queue.drainTo(drained));
    assertEquals(List.of("a", "b", "c"), drained);
    queue.add("d");
    queue.clear();
    assertTrue(queue.isEmpty());
    assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
  }

  @Test
  void whatNeedsMessagesThatStayIsUnsupported() {
    queue.add("a");
    assertThrows(UnsupportedOperationException.class, queue::peek);
    assertThrows(UnsupportedOperationException.class, queue::iterator);
    assertThrows(UnsupportedOperationException.class, () -> queue.contains("a"));
    assertThrows(UnsupportedOperationException.class, () -> queue.remove("a"));
    assertThrows(NullPointerException.class, () -> queue.offer(null));
    assertEquals(1, queue.size());
  }

  @Test
  void aClosedChannelIsAnException() {
    channel.shutdown();
    assertThrows(ChannelShutdownException.class, queue::take);
    assertThrows(ChannelShutdownException.class, queue::poll);
    assertThrows(ChannelShutdownException.class, () -> queue.put("a"));
  }
}
