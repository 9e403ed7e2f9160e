package dev.rszshm.structures.internal.ring;

import static dev.rszshm.structures.channel.Kinds.get;
import static dev.rszshm.structures.channel.Kinds.inThread;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Kinds;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RingCreationTest {
  private static final ChannelSpec SPEC = ChannelSpec.of(3, Width.fixed(4));

  private Heap heap;
  private long place;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
    place = Kinds.place(heap);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void aChannelIsFoundAgainWithWhatIsInIt() throws InterruptedException {
    Channel.at(heap, place, SPEC).sendUninterruptibly(new byte[] {1, 2, 3, 4});
    assertEquals(1, Channel.at(heap, place, SPEC).size());
    Channel found = Channel.at(heap, place);
    assertEquals(SPEC, found.spec());
    assertEquals(place, found.offset());
    assertArrayEquals(new byte[] {1, 2, 3, 4}, found.receive());
  }

  @Test
  void allKindsAreFoundAsTheyWereMade() {
    for (ChannelSpec spec : Kinds.all()) {
      try (Heap one = Kinds.heap()) {
        Kinds.channel(one, spec);
        assertEquals(spec, Channel.at(one, Kinds.place(one)).spec());
        assertEquals(spec, SpecificationLayout.decode(SpecificationLayout.encode(spec)));
      }
    }
  }

  @Test
  void anotherKindAtTheSamePlaceIsAnException() {
    Channel.at(heap, place, SPEC);
    ChannelSpec other = ChannelSpec.of(3, Width.fixed(5));
    String said =
        assertThrows(NotAChannelException.class, () -> Channel.at(heap, place, other)).getMessage();
    assertTrue(
        said.contains("found depth 3, fixed width 4, expected depth 3, fixed width 5"), said);
  }

  @Test
  void whereThereIsNoneIsAnException() {
    String said =
        assertThrows(NotAChannelException.class, () -> Channel.at(heap, place)).getMessage();
    assertTrue(said.contains("found magic 0x0"), said);
    heap.putLong(place, 77);
    assertThrows(NotAChannelException.class, () -> Channel.at(heap, place, SPEC));
  }

  @Test
  void damageIsFound() {
    Channel.at(heap, place, SPEC);
    heap.putLong(place + RingLayout.BYTES, 1);
    String said =
        assertThrows(NotAChannelException.class, () -> Channel.at(heap, place)).getMessage();
    assertTrue(said.contains("found a length of 1 bytes"), said);
    heap.putLong(place + RingLayout.SPECIFICATION, -1);
    assertThrows(NotAChannelException.class, () -> Channel.at(heap, place));
  }

  @Test
  void placesThatAreNotAlignedOrOutsideAreExceptions() {
    assertThrows(IllegalArgumentException.class, () -> Channel.at(heap, place + 8, SPEC));
    assertThrows(IndexOutOfBoundsException.class, () -> Channel.at(heap, heap.span() - 128, SPEC));
    assertThrows(IndexOutOfBoundsException.class, () -> Channel.at(heap, 0));
  }

  @Test
  void badKindsAreExceptions() {
    assertThrows(IllegalArgumentException.class, () -> Width.fixed(0));
    assertThrows(IllegalArgumentException.class, () -> Width.variable(-1));
    assertThrows(IllegalArgumentException.class, () -> Width.variable(1 << 28));
    assertThrows(IllegalArgumentException.class, () -> ChannelSpec.of(-1, Width.empty()));
    assertThrows(IllegalArgumentException.class, () -> ChannelSpec.stream(900));
    assertThrows(IllegalArgumentException.class, () -> ChannelSpec.stream(Integer.MAX_VALUE));
    assertEquals(1088, ChannelSpec.stream(1025).depth());
  }

  @Test
  void manyWhoMakeOneAtTheSameTimeGetTheSame() throws Exception {
    List<FutureTask<Channel>> makers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      makers.add(inThread(() -> Channel.at(heap, place, ChannelSpec.of(9, Width.fixed(4)))));
    }
    for (FutureTask<Channel> maker : makers) {
      get(maker).send(new byte[4]);
    }
    assertEquals(4, Channel.at(heap, place).size());
  }

  @Test
  void aPlainHeapHasNoChannels() {
    try (Heap plain = Heap.builder().plain().length(1 << 16).createAnonymous()) {
      assertThrows(NotAChannelException.class, () -> Channel.at(plain, 128, SPEC));
    }
  }

  @Test
  void aChannelIsFoundByName() throws InterruptedException {
    try (Heap named = Heap.builder().span(16 << 20).createAnonymous();
        Allocator allocator = Allocator.on(named)) {
      Channel.named(allocator, "jobs", SPEC).sendUninterruptibly(new byte[] {1, 2, 3, 4});
      assertArrayEquals(new byte[] {1, 2, 3, 4}, Channel.named(allocator, "jobs", SPEC).receive());
      ChannelSpec other = ChannelSpec.of(1, Width.fixed(20));
      assertThrows(RuntimeException.class, () -> Channel.named(allocator, "jobs", other));
      assertEquals(List.of(), allocator.check().findings());
    }
  }

  @Test
  void theTableOfTheLayoutLeavesNoFieldOnAnothersLine() {
    assertEquals(0, RingLayout.TAIL % 128);
    assertEquals(0, RingLayout.HEAD % 128);
    assertTrue(RingLayout.PINS + RingLayout.PIN_COUNT * RingLayout.PIN_LENGTH <= RingLayout.COUNTS);
    for (ChannelSpec spec : Kinds.all()) {
      RingGeometry geometry = RingGeometry.of(spec, 4);
      long lastPayload = (geometry.granules() - 1) * geometry.payloadStride();
      long end = geometry.payloads() + lastPayload + spec.width().bytes();
      assertTrue(end <= geometry.bytes(), spec::toString);
      assertTrue(geometry.headers() >= RingLayout.COUNTS + 3 * geometry.counts());
    }
  }
}
