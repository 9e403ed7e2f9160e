package dev.rszshm.tests.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.ArrayCheck;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.Name;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access: layouts and arrays go on for everybody, this process among them. */
class StructThrowTest {
  /** A struct with a later version. */
  @Extensible
  @Name("item")
  public record Old(long price) {}

  /** The later version. */
  @Extensible
  @Name("item")
  public record New(long price, @Since(2) long rebate) {}

  private static final StructLayout<Old> OLD = StructLayout.of(Old.class);
  private static final StructLayout<New> NEW = StructLayout.of(New.class);

  private static void run(Consumer<Allocator> act, Consumer<Allocator> after) throws Exception {
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
                      OLD.publish(allocator);
                      SharedArray.named(allocator, "array", ElementType.INT64, 10).set(9, 9L);
                      point.act(() -> act.accept(allocator));
                      after.accept(allocator);
                      assertTrue(allocator.check().isSound());
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  @Test
  void publishingALayout() throws Exception {
    run(
        NEW::publish,
        allocator -> {
          assertEquals(2, NEW.publish(allocator));
          assertEquals(2, OLD.publish(allocator));
          allocator.recover();
          assertEquals(5, allocator.check().blocks());
        });
  }

  @Test
  void growingAnArray() throws Exception {
    run(
        allocator -> SharedArray.named(allocator, "array", ElementType.INT64, 500),
        allocator -> {
          SharedArray<Long> array = SharedArray.named(allocator, "array", ElementType.INT64, 600);
          assertEquals(600, array.size());
          assertEquals(9L, array.get(9));
          array.set(599, 1L);
          ArrayCheck check = array.check();
          assertEquals(List.of(), check.findings());
          allocator.recover();
          assertEquals(3 + check.segments(), allocator.check().blocks());
        });
  }

  @Test
  void removingAnArray() throws Exception {
    run(
        allocator -> SharedArray.remove(allocator, "array"),
        allocator -> {
          SharedArray.remove(allocator, "array");
          allocator.recover();
          assertEquals(2, allocator.check().blocks());
        });
  }
}
