package dev.rszshm.structures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.ChannelView;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.ObjectView;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.object.errors.DamagedObjectException;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools see of structures that they know nothing of but the name. */
class ViewsTest {
  @TempDir Path directory;
  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void make() {
    heap = Heap.builder().span(1L << 30).create(directory.resolve("heap"));
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private long offset(String name) {
    return allocator.get(allocator.findRoot(name).orElseThrow().slot());
  }

  @Test
  void messagesAreSeenAndNotReceived() throws Exception {
    for (ChannelSpec spec :
        List.of(ChannelSpec.of(3, Width.variable(20)), ChannelSpec.stream(8192))) {
      Channel channel = Channel.named(allocator, spec.toString(), spec);
      ChannelView view = ChannelView.at(heap, channel.offset());
      for (int i = 0; i < 50; i++) {
        channel.send("one".getBytes(UTF_8));
        channel.send("three".getBytes(UTF_8));
        assertEquals(List.of(), view.check());
        assertEquals(2, view.messages(10).size());
        assertArrayEquals("one".getBytes(UTF_8), view.messages(1).get(0));
        assertArrayEquals("three".getBytes(UTF_8), view.messages(2).get(1));
        channel.receive();
        channel.receive();
      }
      assertEquals(0, view.messages(10).size());
      channel.shutdown();
      assertEquals(List.of(), view.check());
    }
  }

  @Test
  void channelWhoseWordsWereOverwrittenIsNotSound() throws Exception {
    Channel channel = Channel.named(allocator, "c", ChannelSpec.of(3, Width.fixed(8)));
    for (int i = 0; i < 7; i++) {
      channel.send(new byte[8]);
      channel.receive();
    }
    channel.send(new byte[8]);
    ChannelView view = ChannelView.at(heap, channel.offset());
    assertEquals(List.of(), view.check());
    for (int field : new int[] {24, 32, 40, 48, 56, 128, 256}) {
      long word = heap.getLong(channel.offset() + field);
      heap.putLong(channel.offset() + field, -1);
      assertFalse(view.check().isEmpty(), "field " + field);
      heap.putLong(channel.offset() + field, word);
    }
    assertEquals(List.of(), view.check());
    heap.putLong(channel.offset() + 256, 0x5a5a5a5a5a5a5a58L);
    assertFalse(view.check().isEmpty(), "a head that no message leads to");
  }

  @Test
  void channelWithoutRoomIsSoundWhileMessagesGoThrough() throws Exception {
    Channel channel = Channel.named(allocator, "u", ChannelSpec.of(0, Width.fixed(8)));
    ChannelView view = ChannelView.at(heap, channel.offset());
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < 9; i++) {
                channel.sendUninterruptibly(new byte[8]);
              }
            });
    sender.start();
    for (int i = 0; i < 9; i++) {
      channel.receive();
    }
    sender.join();
    assertEquals(List.of(), view.check());
  }

  @Test
  void channelsInsideAreFound() throws Exception {
    Topic topic = Topic.named(allocator, "t", TopicSpec.of(10, Width.fixed(8)));
    topic.publish(new byte[8]);
    ChannelView view = ChannelView.inside(heap, topic.offset(), Topic.ROOT_TYPE);
    assertEquals(10, view.spec().depth());
    assertEquals(List.of(), view.check());
    RequestChannel requests = RequestChannel.named(allocator, "r", new RequestSpec(8, 8, 4, 4));
    assertEquals(
        4, ChannelView.inside(heap, requests.offset(), RequestChannel.ROOT_TYPE).spec().depth());
    heap.putLong(requests.offset() + 24, 4096);
    assertThrows(
        NotAChannelException.class,
        () -> ChannelView.inside(heap, requests.offset(), RequestChannel.ROOT_TYPE));
  }

  @Test
  void mapIsFoundHoweverItWasMade() {
    MapSpec spec = MapSpec.standard().withShards(4).withMaximum(100);
    SharedMap.named(allocator, "m", Codecs.strings(), Codecs.strings(), spec).put("k", "v");
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      SharedMap<String, String> found =
          SharedMap.find(Allocator.on(reader), "m", Codecs.strings(), Codecs.strings())
              .orElseThrow();
      assertEquals(spec, found.spec());
      assertEquals("v", found.get("k"));
      assertTrue(found.check().isSound());
    }
    assertTrue(SharedMap.find(allocator, "n", Codecs.longs(), Codecs.longs()).isEmpty());
    allocator.root("n", 7, 1, 100);
    assertTrue(SharedMap.find(allocator, "n", Codecs.longs(), Codecs.longs()).isEmpty());
  }

  @Test
  void objectIsSeenWithoutItsCodec() {
    SharedObject<String> object = SharedObject.named(allocator, "o", Codecs.strings(), 100);
    ObjectView view = ObjectView.at(heap, offset("o"), SharedObject.length(100));
    assertTrue(view.content().isEmpty());
    object.set("hello");
    ObjectView.Content content = view.content().orElseThrow();
    assertEquals(1, content.writes());
    assertEquals(Codecs.strings().id(), content.format().id());
    assertTrue(new String(content.bytes(), UTF_8).contains("hello"));
    assertEquals(List.of(), view.check());
    heap.fill(offset("o") + 80, 400 - 80 - 100, (byte) 7);
    assertThrows(DamagedObjectException.class, view::content);
    assertEquals(1, view.check().size());
  }
}
