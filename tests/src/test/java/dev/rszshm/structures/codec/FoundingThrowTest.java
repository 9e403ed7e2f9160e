package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An error of the codec while a structure is made and first written to: it is found or made
 * afterwards, and when it is removed no block is left.
 */
class FoundingThrowTest {
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
