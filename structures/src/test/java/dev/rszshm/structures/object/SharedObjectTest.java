package dev.rszshm.structures.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.structures.object.errors.DamagedObjectException;
import dev.rszshm.structures.object.errors.ObjectTooLongException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two attachments stand for two processes. */
@Timeout(300)
class SharedObjectTest {
  private Heap heap;
  private Heap other;
  private long offset;

  @BeforeEach
  void attachTwice() {
    heap = Heap.builder().span(1 << 20).length(1 << 16).createAnonymous();
    other = Heap.builder().anyAddress().attach(heap.path());
    offset = heap.dataOffset();
  }

  @AfterEach
  void detach() {
    other.close();
    heap.close();
  }

  private SharedObject<String> here() {
    return SharedObject.at(heap, offset, Codecs.strings(), 100);
  }

  private SharedObject<String> there() {
    return SharedObject.at(other, offset, Codecs.strings(), 100);
  }

  @Test
  void newOneIsEmpty() {
    assertEquals(Optional.empty(), here().get());
    assertEquals(0, here().writes());
  }

  @Test
  void everybodyReadsWhatWasWrittenLast() {
    for (int i = 1; i <= 5; i++) {
      (i % 2 == 0 ? here() : there()).set("value " + i);
      assertEquals(Optional.of("value " + i), here().get());
      assertEquals(Optional.of("value " + i), there().get());
      assertEquals(i, here().writes());
    }
    here().set("");
    assertEquals(Optional.of(""), there().get());
  }

  @Test
  void nameLeadsToTheSameObject() {
    try (Heap fresh = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(fresh)) {
      SharedObject.named(allocator, "settings", Codecs.strings(), 50).set("a");
      assertEquals(
          Optional.of("a"), SharedObject.named(allocator, "settings", Codecs.strings(), 50).get());
    }
  }

  @Test
  void objectThatIsTooLongChangesNothing() {
    here().set("short");
    String message =
        assertThrows(ObjectTooLongException.class, () -> here().set("x".repeat(101))).getMessage();
    assertTrue(message.contains("room for 100 bytes, found an object of 101"), message);
    assertEquals(Optional.of("short"), there().get());
    here().set("x".repeat(100));
  }

  @Test
  void codecThatThrowsChangesNothing() {
    here().set("before");
    Codec<String> broken =
        new Codec<>() {
          @Override
          public int length(String object) {
            return 10;
          }

          @Override
          public void encode(String object, ByteBuffer to) {
            to.put((byte) 1);
            throw new UnsupportedOperationException("full moon");
          }

          @Override
          public String decode(ByteBuffer from) {
            return "";
          }
        };
    SharedObject<String> object = SharedObject.at(heap, offset, broken, 100);
    assertThrows(UnsupportedOperationException.class, () -> object.set("x"));
    assertEquals(Optional.of("before"), there().get());
    there().set("after");
    assertEquals(Optional.of("after"), here().get());
  }

  @Test
  void damageForeignAndNewerContentAreTold() {
    here().set("value");
    SharedObject<byte[]> foreign = SharedObject.at(heap, offset, Codecs.byteArrays(), 100);
    assertThrows(CodecMismatchException.class, foreign::get);
    long place = offset + ObjectLayout.descriptor(1);
    for (long at = place; at < place + 20; at++) {
      byte good = heap.getByte(at);
      heap.putByte(at, (byte) (good + 1));
      assertThrows(DamagedObjectException.class, () -> here().get(), "byte " + (at - place));
      heap.putByte(at, good);
    }
    long content = offset + ObjectLayout.content(1, 100);
    heap.putByte(content, (byte) 'V');
    assertThrows(DamagedObjectException.class, () -> here().get());
    here().set("anew");
    assertEquals(Optional.of("anew"), there().get());
  }

  /** The strings of this codec have a version of their own. */
  private record Versioned(int version) implements Codec<String> {
    @Override
    public int id() {
      return 777_777;
    }

    @Override
    public int length(String object) {
      return Codecs.strings().length(object);
    }

    @Override
    public void encode(String object, ByteBuffer to) {
      Codecs.strings().encode(object, to);
    }

    @Override
    public String decode(ByteBuffer from) {
      return Codecs.strings().decode(from);
    }
  }

  @Test
  void olderVersionIsReadAndNewerIsRefused() {
    SharedObject.at(heap, offset, new Versioned(1), 100).set("old");
    assertEquals(Optional.of("old"), SharedObject.at(other, offset, new Versioned(2), 100).get());
    SharedObject.at(heap, offset, new Versioned(2), 100).set("new");
    assertThrows(
        CodecMismatchException.class, SharedObject.at(other, offset, new Versioned(1), 100)::get);
  }

  @Test
  void otherCapacityIsRefused() {
    here();
    assertThrows(
        DamagedObjectException.class, () -> SharedObject.at(other, offset, Codecs.strings(), 101));
  }

  @Test
  void readerOfAReadOnlyHeapReads() {
    here().set("value");
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      SharedObject<String> object = SharedObject.at(reader, offset, Codecs.strings(), 100);
      assertEquals(Optional.of("value"), object.get());
      assertThrows(ReadOnlyHeapException.class, () -> object.set("x"));
    }
  }

  @Test
  void writeOnlyIfNobodyElseHas() {
    SharedObject<String> object = here();
    long writes = object.writes();
    assertTrue(object.setIfUnchanged(writes, "one"));
    assertFalse(there().setIfUnchanged(writes, "two"));
    assertEquals(Optional.of("one"), there().get());
  }

  @Test
  void updatesOfManyThreadsAreAllThere() throws Exception {
    int each = 500;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Heap mine = t % 2 == 0 ? heap : other;
      SharedObject<Long> sum = SharedObject.at(mine, offset + 4096, Codecs.longs(), 8);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  sum.updateAndGet(before -> Optional.of(before.orElse(0L) + 1));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(
        Optional.of(4L * each), SharedObject.at(heap, offset + 4096, Codecs.longs(), 8).get());
  }

  /** Whoever reads while another writes gets one of the objects that were written. */
  @Test
  void objectIsNeverAMixture() throws Exception {
    SharedObject<long[]> writer = SharedObject.at(heap, offset + 8192, Codecs.longArrays(), 400);
    SharedObject<long[]> reader = SharedObject.at(other, offset + 8192, Codecs.longArrays(), 400);
    writer.set(new long[1]);
    Thread thread =
        new Thread(
            () -> {
              for (long i = 1; i <= 5_000; i++) {
                long[] all = new long[1 + (int) (i % 50)];
                java.util.Arrays.fill(all, i);
                writer.set(all);
              }
            });
    thread.start();
    long last = 0;
    while (last < 5_000) {
      long[] read = reader.get().orElseThrow();
      assertEquals(1 + (int) (read[0] % 50), read[0] == 0 ? 1 : read.length);
      for (long value : read) {
        assertEquals(read[0], value);
      }
      assertTrue(read[0] >= last);
      last = read[0];
    }
    thread.join();
  }
}
