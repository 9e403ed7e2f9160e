package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Lets an error be thrown at any access of a structure: it goes on for everybody afterwards. */
public final class ThrowInStructure {
  private ThrowInStructure() {}

  /**
   * Runs an action again and again, with an error at each place.
   *
   * @param opening finds the structure or makes it, and fills it
   * @param goesOn uses the structure after the error, asserts that it is sound, and returns the
   *     number of its blocks besides the root's
   */
  public static <S> void run(
      Function<Allocator, S> opening, Consumer<S> act, ToLongFunction<S> goesOn) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .run(
                  point -> {
                    try (Heap heap =
                            Heap.builder()
                                .span(2 << 20)
                                .platform(point.platform())
                                .create(directory.path().resolve("heap" + number[0]++));
                        Allocator allocator = Allocator.on(heap)) {
                      S structure = opening.apply(allocator);
                      point.act(() -> act.accept(structure));
                      assertTrue(goesOn.applyAsLong(structure) >= 0);
                      allocator.recover();
                      long blocks = goesOn.applyAsLong(structure);
                      assertEquals(1 + blocks, allocator.check().blocks());
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }
}
