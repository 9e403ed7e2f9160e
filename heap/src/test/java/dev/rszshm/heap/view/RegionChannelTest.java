package dev.rszshm.heap.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionChannelTest {
  private static final int LENGTH = 10_000;

  @TempDir Path directory;
  private Heap heap;
  private RegionChannel channel;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(LENGTH + 8).createAnonymous();
    channel = RegionChannel.at(heap, heap.dataOffset() + 4, LENGTH);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void streamsCarryBytesThroughAChannel() throws IOException {
    byte[] content = new byte[LENGTH];
    new Random(1).nextBytes(content);
    try (OutputStream out = Channels.newOutputStream(channel)) {
      out.write(content, 0, 3000);
      out.write(content[3000]);
      out.write(content, 3001, LENGTH - 3001);
      assertThrows(IOException.class, () -> out.write(1));
    }
    assertFalse(channel.isOpen());
    try (InputStream in =
        Channels.newInputStream(RegionChannel.at(heap, heap.dataOffset() + 4, LENGTH))) {
      assertArrayEquals(content, in.readAllBytes());
      assertEquals(-1, in.read());
    }
    assertEquals(0, heap.getInt(heap.dataOffset()));
    assertEquals(0, heap.getInt(heap.dataOffset() + 4 + LENGTH));
    assertTrue(heap.isOpen());
  }

  /** A file of the same length answers the same, as long as nobody writes past the end. */
  @Test
  void channelBehavesAsAFileOfFixedLength() throws IOException {
    Path file = directory.resolve("model");
    try (FileChannel model =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      model.write(ByteBuffer.allocate(LENGTH), 0);
      Random random = new Random(7);
      for (int i = 0; i < 5000; i++) {
        int length = random.nextInt(700);
        switch (random.nextInt(4)) {
          case 0 -> {
            long position = random.nextInt(LENGTH + 100);
            channel.position(position);
            model.position(position);
          }
          case 1 -> {
            byte[] bytes = new byte[(int) Math.max(0, Math.min(length, LENGTH - model.position()))];
            random.nextBytes(bytes);
            ByteBuffer source = ByteBuffer.wrap(bytes);
            assertEquals(bytes.length, channel.write(source));
            assertFalse(source.hasRemaining());
            model.write(ByteBuffer.wrap(bytes));
          }
          default -> {
            ByteBuffer mine = ByteBuffer.allocate(length);
            ByteBuffer expected = ByteBuffer.allocate(length);
            assertEquals(model.read(expected), channel.read(mine));
            assertEquals(expected.flip(), mine.flip());
          }
        }
        assertEquals(model.position(), channel.position());
        assertEquals(model.size(), channel.size());
      }
      ByteBuffer all = ByteBuffer.allocate(LENGTH);
      model.read(all, 0);
      assertArrayEquals(all.array(), heap.getBytes(heap.dataOffset() + 4, LENGTH));
    }
  }

  @Test
  void writingPastTheEndWritesWhatFitsAndThenThrows() throws IOException {
    channel.position(LENGTH - 10);
    ByteBuffer source = ByteBuffer.allocate(30);
    assertEquals(10, channel.write(source));
    assertEquals(20, source.remaining());
    IOException thrown = assertThrows(IOException.class, () -> channel.write(source));
    assertEquals("the region of 10000 bytes is full: 20 are left", thrown.getMessage());
    assertEquals(0, channel.write(ByteBuffer.allocate(0)));
    assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
    assertEquals(0, channel.read(ByteBuffer.allocate(0)));
  }

  @Test
  void positionsAndLengthsThatMakeNoSenseAreRefused() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> channel.position(-1));
    assertThrows(IllegalArgumentException.class, () -> channel.truncate(-1));
    assertThrows(IOException.class, () -> channel.truncate(LENGTH - 1));
    assertEquals(LENGTH, channel.truncate(LENGTH).size());
    channel.position(Long.MAX_VALUE);
    assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
    assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(1)));
  }

  @Test
  void closedChannelAndClosedHeapSaySo() throws IOException {
    channel.write(ByteBuffer.allocate(4));
    RegionChannel other = RegionChannel.at(heap, heap.dataOffset(), 8);
    channel.close();
    channel.close();
    assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
    assertThrows(ClosedChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
    assertThrows(ClosedChannelException.class, channel::position);
    assertThrows(ClosedChannelException.class, channel::size);
    other.read(ByteBuffer.allocate(1));
    heap.close();
    assertThrows(IllegalStateException.class, () -> other.read(ByteBuffer.allocate(1)));
    assertThrows(IllegalStateException.class, () -> other.write(ByteBuffer.allocate(1)));
  }

  @Test
  void readOnlyHeapCannotBeWrittenThroughAChannel() throws IOException {
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      RegionChannel readOnly = RegionChannel.at(reader, reader.dataOffset(), 8);
      assertEquals(8, readOnly.read(ByteBuffer.allocate(20)));
      readOnly.position(0);
      assertThrows(ReadOnlyHeapException.class, () -> readOnly.write(ByteBuffer.allocate(1)));
    }
  }
}
