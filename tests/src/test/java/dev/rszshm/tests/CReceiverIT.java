package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A C program that receives from channels, beside receivers in Java. */
class CReceiverIT {
  private static CPeer c;

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;
  private Allocator allocator;

  @BeforeAll
  static void compile(@TempDir Path build) {
    c = CPeer.compile(build, "ring_read");
  }

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1L << 30).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static List<String> linesOf(WorkerProcess process) {
    process.awaitSuccess();
    return process.heard();
  }

  /** Sends to two receivers in C and one here; all together get every message once. */
  private void sendToAll(ChannelSpec spec, int messages) throws InterruptedException {
    Channel channel = Channel.named(allocator, "channel", spec);
    List<Integer> received = new ArrayList<>();
    try (WorkerProcess one = c.start(heap.path(), "channel");
        WorkerProcess other = c.start(heap.path(), channel.offset())) {
      for (int i = 0; i < messages; i++) {
        channel.send(bytes(String.format("%08d", i)));
        if (i % 7 == 0) {
          byte[] message = channel.tryReceive().orElse(null);
          if (message != null) {
            received.add(Integer.parseInt(new String(message, StandardCharsets.US_ASCII)));
          }
        }
      }
      channel.shutdown();
      for (WorkerProcess process : List.of(one, other)) {
        List<Integer> numbers = linesOf(process).stream().map(Integer::valueOf).toList();
        assertEquals(numbers.stream().sorted().toList(), numbers);
        received.addAll(numbers);
      }
    }
    assertEquals(
        IntStream.range(0, messages).boxed().toList(), received.stream().sorted().toList());
  }

  @Test
  void everyMessageInSlotsIsReceivedOnceInCOrJava() throws InterruptedException {
    sendToAll(ChannelSpec.of(16, Width.fixed(8)), 5000);
  }

  @Test
  void everyMessageOfAStreamIsReceivedOnceInCOrJava() throws InterruptedException {
    sendToAll(ChannelSpec.stream(2048), 5000);
  }

  @Test
  void messagesAreReceivedAsTheyWereSent() throws InterruptedException {
    Channel channel = Channel.named(allocator, "kinds", ChannelSpec.of(4, Width.variable(20)));
    try (WorkerProcess process = c.start(heap.path(), "kinds")) {
      for (String text : List.of("", "a line", "back\\slash", "\u0000\n\u007f")) {
        channel.send(bytes(text));
      }
      channel.shutdown();
      assertEquals(List.of("", "a line", "back\\\\slash", "\\x00\\x0a\\x7f"), linesOf(process));
    }
  }

  @Test
  void messagesInPartsAreJoined() throws InterruptedException {
    Channel channel = Channel.named(allocator, "stream", ChannelSpec.stream(4096));
    List<String> sent = new ArrayList<>();
    try (WorkerProcess process = c.start(heap.path(), "stream")) {
      for (int i = 0; i < 60; i++) {
        String message =
            IntStream.range(i, i + i * i * 5)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
        channel.send(bytes(message));
        sent.add(message);
      }
      channel.shutdown();
      assertEquals(sent, linesOf(process));
    }
  }

  @Test
  void anotherReceiverGoesOnWhereAKilledOneWas() throws InterruptedException {
    Channel channel = Channel.named(allocator, "channel", ChannelSpec.of(4, Width.fixed(8)));
    try (WorkerProcess victim = c.start(heap.path(), "channel");
        WorkerProcess stopped = c.start(heap.path(), "channel")) {
      channel.sendUninterruptibly(bytes("00000001"));
      channel.sendUninterruptibly(bytes("00000002"));
      channel.sendUninterruptibly(bytes("00000003"));
      List<String> received = new ArrayList<>();
      while (channel.size() > 0) {
        Thread.onSpinWait();
      }
      victim.kill();
      stopped.stop();
      received.addAll(victim.heard());
      received.addAll(stopped.heard());
      channel.send(bytes("00000004"));
      try (WorkerProcess next = c.start(heap.path(), "channel", 1)) {
        next.expect("00000004");
        next.awaitSuccess();
      }
      stopped.resume();
      channel.shutdown();
      received.addAll(linesOf(stopped));
      assertTrue(received.size() == received.stream().distinct().count(), received::toString);
    }
  }

  @Test
  void whatIsNoChannelIsRefused() throws IOException {
    String problem = c.refuse(2, heap.path(), "nothing");
    assertTrue(problem.contains("has no root named \"nothing\""), problem);
    allocator.root("settings", 1, 1, 4096);
    problem = c.refuse(2, heap.path(), "settings");
    assertTrue(problem.contains("has no channel at offset"), problem);
    assertEquals(1, heap.participants().size());
  }
}
