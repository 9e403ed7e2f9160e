package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels, topics and request channels are found by name, also by those who make nothing. */
class NamedChannelsTest {
  private static final ChannelSpec SPEC = ChannelSpec.of(3, Width.variable(20)).singleSender();

  @TempDir Path directory;
  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(16 << 20).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  @Test
  void whatNobodyHasMadeYetIsNotFoundAndNotMade() {
    for (int i = 0; i < 2; i++) {
      assertTrue(Channel.find(allocator, "a").isEmpty());
      assertTrue(ChannelView.find(allocator, "a").isEmpty());
      assertTrue(Topic.find(allocator, "a").isEmpty());
      assertTrue(RequestChannel.find(allocator, "a").isEmpty());
    }
    assertTrue(allocator.roots().isEmpty());
  }

  @Test
  void eachIsFoundByItsNameAndNothingElseIs() throws Exception {
    Channel channel = Channel.named(allocator, "channel", SPEC);
    channel.send(new byte[] {1, 2});
    Channel found = Channel.find(allocator, "channel").orElseThrow();
    assertEquals(SPEC, found.spec());
    assertArrayEquals(new byte[] {1, 2}, found.receive());
    Topic topic = Topic.named(allocator, "topic", TopicSpec.of(4, Width.fixed(8)));
    assertEquals(topic.offset(), Topic.find(allocator, "topic").orElseThrow().offset());
    RequestChannel requests =
        RequestChannel.named(allocator, "requests", RequestSpec.of(16, 16).depth(3).calls(2));
    assertEquals(
        requests.offset(), RequestChannel.find(allocator, "requests").orElseThrow().offset());
    assertTrue(Channel.find(allocator, "topic").isEmpty());
    assertTrue(Topic.find(allocator, "requests").isEmpty());
    assertTrue(RequestChannel.find(allocator, "channel").isEmpty());
  }

  @Test
  void whoMayOnlyReadFindsAView() throws Exception {
    Channel.named(allocator, "channel", SPEC).send(new byte[3]);
    try (Heap reading = Heap.builder().readOnly().anyAddress().attach(directory.resolve("heap"));
        Allocator looking = Allocator.on(reading)) {
      assertEquals(1, ChannelView.find(looking, "channel").orElseThrow().size());
      assertTrue(ChannelView.find(looking, "another").isEmpty());
      assertThrows(HeapException.class, () -> Channel.find(looking, "channel"));
    }
  }
}
