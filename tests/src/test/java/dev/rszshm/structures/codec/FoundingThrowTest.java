package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedLongMap;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.tests.Storm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * An error at any access, or of the codec, while a structure is made: this process and others find
 * it or make it afterwards, and when it is removed no block is left.
 */
class FoundingThrowTest {
  private static final String NAME = CodecKind.NAME;

  /** A structure: how to make it or find it, to use it, and to remove it. */
  private record Founded(
      String name, Consumer<Allocator> found, Consumer<Allocator> use, Consumer<Allocator> remove) {
    static Founded of(CodecKind kind) {
      return new Founded(
          kind.name(),
          allocator -> kind.open(allocator, Codecs.strings()),
          allocator -> {
            CodecKind.Handle<String> handle = kind.open(allocator, Codecs.strings());
            handle.write("a");
            assertEquals(List.of("a"), handle.read());
            assertEquals(List.of(), handle.check());
          },
          allocator -> assertTrue(kind.remove(allocator, Codecs.strings())));
    }
  }

  private static List<Founded> all() {
    List<Founded> all = new ArrayList<>();
    for (CodecKind kind : CodecKind.values()) {
      all.add(Founded.of(kind));
    }
    all.add(
        new Founded(
            "bits",
            allocator -> SharedBitSet.named(allocator, NAME),
            allocator -> assertTrue(!SharedBitSet.named(allocator, NAME).getAndSet(7)),
            allocator -> SharedBitSet.remove(allocator, NAME)));
    all.add(
        new Founded(
            "numbers",
            allocator -> SharedLongList.named(allocator, NAME),
            allocator -> assertEquals(0, SharedLongList.named(allocator, NAME).append(7)),
            allocator -> SharedLongList.remove(allocator, NAME)));
    all.add(
        new Founded(
            "map of numbers",
            allocator -> SharedLongMap.named(allocator, NAME),
            allocator -> assertEquals(7, SharedLongMap.named(allocator, NAME).addAndGet(1, 7)),
            allocator -> SharedMap.remove(allocator, NAME, MapSpec.standard())));
    all.add(
        new Founded(
            "strings",
            allocator -> StringTable.named(allocator, NAME),
            allocator -> assertEquals(0, StringTable.named(allocator, NAME).intern("a")),
            allocator -> StringTable.remove(allocator, NAME)));
    all.add(
        new Founded(
            "object",
            allocator -> SharedObject.named(allocator, NAME, Codecs.strings(), 100),
            allocator -> SharedObject.named(allocator, NAME, Codecs.strings(), 100).set("a"),
            allocator -> allocator.removeRoot(NAME)));
    all.add(
        new Founded(
            "array",
            allocator -> SharedArray.named(allocator, NAME, ElementType.INT64, 10),
            allocator ->
                assertEquals(10, SharedArray.named(allocator, NAME, ElementType.INT64, 10).size()),
            allocator -> SharedArray.remove(allocator, NAME)));
    return all;
  }

  private static void goesOn(Founded founded, Allocator allocator) {
    allocator.recover();
    assertTrue(allocator.check().findings().stream().allMatch(f -> f.severity() == Severity.NOTE));
    founded.use.accept(allocator);
    founded.remove.accept(allocator);
    allocator.recover();
    assertTrue(allocator.check().findings().stream().allMatch(f -> f.severity() == Severity.NOTE));
    assertEquals(0, allocator.check().blocks(), founded.name);
    founded.found.accept(allocator);
  }

  @Test
  void anErrorAtAnyAccessLeavesWhatAllCanFindOrMake() throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      for (Founded founded : all()) {
        int places =
            ThrowAnywhere.on(Platform.host())
                .every(Storm.oneIn(6))
                .run(
                    point -> {
                      try (Heap heap =
                              Heap.builder()
                                  .span(8 << 20)
                                  .platform(point.platform())
                                  .create(directory.path().resolve("heap" + number[0]++));
                          Allocator allocator = Allocator.on(heap)) {
                        point.act(() -> founded.found.accept(allocator));
                        goesOn(founded, allocator);
                      }
                    });
        assertTrue(places > 5, () -> founded.name + " has " + places + " places");
      }
    }
  }

  /** A codec that throws an error at one of the calls of it, and at no other. */
  private static final class Throwing implements Codec<String> {
    private int left;

    Throwing(int left) {
      this.left = left;
    }

    private void call() {
      if (left-- == 0) {
        throw new StackOverflowError("injected");
      }
    }

    @Override
    public int id() {
      call();
      return 700_007;
    }

    @Override
    public int version() {
      call();
      return 1;
    }

    @Override
    public boolean reads(int version) {
      call();
      return version == 1;
    }

    @Override
    public int length(String object) {
      call();
      return Codecs.strings().length(object);
    }

    @Override
    public void encode(String object, ByteBuffer to) {
      call();
      Codecs.strings().encode(object, to);
      call();
    }

    @Override
    public String decode(ByteBuffer from) {
      call();
      return Codecs.strings().decode(from);
    }
  }

  /** Makes a structure and writes the first object, with an error at one of the codec's calls. */
  private static void make(CodecKind kind, Allocator allocator, Codec<String> codec) {
    kind.open(allocator, codec).write("a");
  }

  @Test
  void anErrorOfTheCodecLeavesWhatAllCanFindOrMake() throws Exception {
    for (CodecKind kind : CodecKind.values()) {
      int call = 0;
      for (boolean thrown = true; thrown; call++) {
        try (Heap heap = Heap.builder().span(8 << 20).createAnonymous();
            Allocator allocator = Allocator.on(heap)) {
          Throwing codec = new Throwing(call);
          thrown = throwsError(() -> make(kind, allocator, codec));
          Codec<String> sound = new Throwing(-1);
          CodecKind.Handle<String> handle = kind.open(allocator, sound);
          assertEquals(thrown ? List.of() : List.of("a"), handle.read(), kind::name);
          if (thrown) {
            handle.write("b");
            assertEquals(List.of("b"), handle.read(), kind::name);
          }
          assertEquals(List.of(), handle.check(), kind::name);
          assertTrue(kind.remove(allocator, sound));
          allocator.recover();
          assertEquals(0, allocator.check().blocks(), kind::name);
        }
      }
      int calls = call;
      assertTrue(calls > 4, () -> kind + " calls its codec " + calls + " times");
    }
  }

  private static boolean throwsError(Runnable action) {
    try {
      action.run();
      return false;
    } catch (StackOverflowError e) {
      assertEquals("injected", e.getMessage());
      return true;
    }
  }
}
