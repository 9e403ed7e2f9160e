package dev.rszshm.tests.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.ArrayCheck;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.Name;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.SlotField;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of what is done with layouts, arrays and typed slots, and whoever
 * recovers at each store of the recovery; and several do it at once.
 */
class StructCrashTest {
  /** A struct with a later version. */
  @Extensible
  @Name("item")
  public record Old(long price) {}

  /** The later version. */
  @Extensible
  @Name("item")
  public record New(long price, @Since(2) long rebate) {}

  /** Another one. */
  @Extensible
  @Name("item")
  record Other(double price) {}

  /** A node of a list. */
  record Node(long value, Slot<Node> next) {}

  private static final StructLayout<Old> OLD = StructLayout.of(Old.class);
  private static final StructLayout<New> NEW = StructLayout.of(New.class);
  private static final StructLayout<Other> OTHER = StructLayout.of(Other.class);
  private static final StructLayout<Node> NODE = StructLayout.of(Node.class);
  private static final SlotField<Node, Node> NEXT = NODE.slotField("next", Node.class);
  private static final LongField<Node> VALUE = NODE.longField("value");

  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  private static Simulation of(Consumer<Allocator> setUp, Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                setUp.accept(allocator);
              }
            })
        .scenario(scenario);
  }

  private static void process(Scenario scenario, String name, Consumer<Allocator> body) {
    scenario.process(
        name,
        p -> {
          try (Allocator allocator = Allocator.on(p.heap())) {
            body.accept(allocator);
          }
        });
  }

  /** What is done after a death, and must be right in the end, with as many blocks as it says. */
  private static void after(Scenario scenario, Consumer<Allocator> next, long[] blocks) {
    scenario.recovery(
        p -> {
          try (Allocator allocator = Allocator.on(p.heap())) {
            next.accept(allocator);
          }
        });
    scenario.check(
        p -> {
          Allocator allocator = Allocator.on(p.heap());
          next.accept(allocator);
          assertTrue(allocator.check().isSound());
          assertEquals(blocks[0], allocator.check().blocks(), "no block is lost");
        });
  }

  private static void crashes(String what, Simulation simulation) {
    CrashReport report = simulation.crashes().run();
    System.out.println(what + ": " + report);
    assertTrue(report.isComplete());
  }

  private static void explore(String what, Simulation simulation) {
    Exploration exploration = simulation.explore();
    System.out.println(what + ": " + exploration);
    assertTrue(exploration.complete(), () -> what + " was not explored to the end");
  }

  @Test
  void aLayoutIsStoredOrNotAtEachDeath() {
    crashes(
        "publish",
        of(
            allocator -> {},
            s -> {
              process(s, "newer", NEW::publish);
              after(
                  s,
                  allocator -> {
                    assertEquals(2, NEW.publish(allocator));
                    assertEquals(2, OLD.publish(allocator));
                  },
                  new long[] {3});
            }));
  }

  @Test
  void aStructWithANameHasItsHeaderAfterEachDeath() {
    crashes(
        "named",
        of(
            OLD::publish,
            s -> {
              process(s, "maker", allocator -> OLD.named(allocator, "it"));
              after(
                  s,
                  allocator -> {
                    Block<Old> it = OLD.named(allocator, "it");
                    assertEquals(1, OLD.versionOf(allocator.heap(), it));
                  },
                  new long[] {3});
            }));
  }

  private static void publishing(Scenario s, boolean same) {
    int[] published = new int[1];
    process(s, "one", allocator -> published[0] += OLD.publish(allocator) > 0 ? 1 : 0);
    process(
        s,
        "two",
        allocator -> {
          try {
            published[0] += (same ? NEW : OTHER).publish(allocator) > 0 ? 1 : 0;
          } catch (LayoutMismatchException e) {
            assertFalse(same, e.getMessage());
            assertTrue(e.getMessage().contains("\"price\""), e.getMessage());
          }
        });
    s.check(
        p -> {
          Allocator allocator = Allocator.on(p.heap());
          assertEquals(same ? 2 : 1, published[0]);
          assertEquals(same ? 3 : 2, allocator.check().blocks());
        });
  }

  @Test
  void ofTwoWhoPublishAtOnceBothSucceedOrTheSecondIsToldTheField() {
    Consumer<Allocator> root = allocator -> allocator.place("unrelated", 1, 1, 8);
    assertThrows(
        AssertionError.class,
        () -> explore("control", of(root, s -> publishing(s, false)).preemptions(0)),
        "the root that is unrelated is counted");
    explore(
        "two publish", of(a -> {}, s -> publishing(s, true)).preemptions(Storm.count(0, 1)));
    explore(
        "two publish different ones",
        of(a -> {}, s -> publishing(s, false)).preemptions(Storm.count(0, 1)));
    System.out.println(
        of(a -> {}, s -> publishing(s, false)).random(7, Storm.count(200, 20_000)));
  }

  /** Segment 0 has 128 elements of 8 bytes, so that three segments are made. */
  @Test
  void anArrayHasGrownOrNotAtEachDeath() {
    crashes(
        "array grows",
        of(
            allocator -> {},
            s -> {
              process(
                  s,
                  "grower",
                  allocator -> {
                    SharedArray<Long> array =
                        SharedArray.named(allocator, "array", ElementType.INT64, 1);
                    array.set(0, 77L);
                    array.ensure(200);
                  });
              after(
                  s,
                  allocator -> {
                    SharedArray<Long> array =
                        SharedArray.named(allocator, "array", ElementType.INT64, 300);
                    assertEquals(300, array.size());
                    assertTrue(array.get(0) == 0 || array.get(0) == 77);
                    assertEquals(0L, array.get(299));
                    ArrayCheck check = array.check();
                    assertEquals(List.of(), check.findings());
                    assertEquals(3, check.segments());
                  },
                  new long[] {4});
            }));
  }

  @Test
  void anArrayOfStructsHasItsHeadersAfterEachDeath() {
    crashes(
        "array of structs",
        of(
            NEW::publish,
            s -> {
              process(s, "maker", allocator -> SharedArray.named(allocator, "array", NEW, 1));
              after(
                  s,
                  allocator -> {
                    SharedArray<New> array = SharedArray.named(allocator, "array", NEW, 2);
                    assertEquals(2, NEW.versionOf(allocator.heap(), array.at(1)));
                    assertEquals(List.of(), array.check().findings());
                  },
                  new long[] {5});
            }));
  }

  @Test
  void anArrayIsRemovedWithAllItsSegments() {
    crashes(
        "array is removed",
        of(
            allocator -> SharedArray.named(allocator, "array", ElementType.INT64, 200),
            s -> {
              process(s, "remover", allocator -> SharedArray.remove(allocator, "array"));
              after(s, allocator -> SharedArray.remove(allocator, "array"), new long[] {0});
            }));
  }

  @Test
  void twoWhoGrowAnArrayAtOnceLoseNothing() {
    Simulation two =
        of(
            allocator -> SharedArray.named(allocator, "array", ElementType.INT64, 1),
            s -> {
              for (int count : new int[] {129, 200}) {
                process(
                    s,
                    "to " + count,
                    allocator -> {
                      SharedArray<Long> array =
                          SharedArray.named(allocator, "array", ElementType.INT64, count);
                      array.set(count - 1, (long) count);
                      assertTrue(array.size() >= count);
                    });
              }
              s.check(
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    SharedArray<Long> array =
                        SharedArray.named(allocator, "array", ElementType.INT64, 0);
                    assertEquals(200, array.size());
                    assertEquals(129, array.get(128));
                    assertEquals(200, array.get(199));
                    assertEquals(3, allocator.check().blocks());
                  });
            });
    explore("two grow", two.preemptions(Storm.count(0, 1)));
    System.out.println(two.random(11, Storm.count(200, 20_000)));
  }

  @Test
  void aNodeIsInItsTypedSlotOrNowhere() {
    crashes(
        "typed slots",
        of(
            allocator -> NODE.named(allocator, "head"),
            s -> {
              process(
                  s,
                  "worker",
                  allocator -> {
                    Heap heap = allocator.heap();
                    Block<Node> head = NODE.named(allocator, "head");
                    Block<Node> node =
                        NEXT.of(heap, head)
                            .allocate(allocator, NODE, made -> VALUE.set(heap, made, 5));
                    NEXT.of(heap, head).moveTo(allocator, NEXT.of(heap, node));
                  });
              s.check(
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    Heap heap = allocator.heap();
                    Block<Node> head = NODE.named(allocator, "head");
                    Block<Node> node = NEXT.of(heap, head).get(allocator);
                    assertTrue(!node.isPresent() || VALUE.get(heap, node) == 5);
                  });
            }));
  }
}
