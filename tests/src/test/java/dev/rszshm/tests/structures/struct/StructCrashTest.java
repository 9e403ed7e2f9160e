package dev.rszshm.tests.structures.struct;

import static dev.rszshm.tests.Schedules.explore;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.struct.ArrayCheck;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.Length;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.Name;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.SlotField;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
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

  /** A struct of which two are in the first segment of an array. */
  @Extensible
  public record Wide(@Length(60) long[] numbers) {}

  /** A node of a list. */
  record Node(long value, Slot<Node> next) {}

  private static final StructLayout<Old> OLD = StructLayout.of(Old.class);
  private static final StructLayout<New> NEW = StructLayout.of(New.class);
  private static final StructLayout<Other> OTHER = StructLayout.of(Other.class);
  private static final StructLayout<Wide> WIDE = StructLayout.of(Wide.class);
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
    scenario.survivor(
        "next",
        p -> {
          try (Allocator allocator = Allocator.on(p.heap())) {
            next.accept(allocator);
          }
        });
    scenario.check(
        p -> {
          Allocator allocator = Allocator.on(p.heap());
          assertTrue(allocator.check().isSound());
          assertEquals(blocks[0], allocator.check().blocks(), "no block is lost");
        });
  }

  private static void crashes(String what, Simulation simulation) {
    CrashReport report = simulation.crashes().kills(Storm.count(1, 2)).run();
    System.out.println(what + ": " + report);
    assertTrue(report.isComplete());
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
    List<Integer> published = new ArrayList<>();
    for (StructLayout<?> layout : List.of(OLD, same ? NEW : OTHER)) {
      process(
          s,
          layout == OLD ? "one" : "two",
          allocator -> {
            try {
              published.add(layout.publish(allocator));
            } catch (LayoutMismatchException e) {
              assertFalse(same, e.getMessage());
              assertTrue(e.getMessage().contains("\"price\""), e.getMessage());
            }
          });
    }
    s.check(
        p -> {
          Allocator allocator = Allocator.on(p.heap());
          assertEquals(same ? 2 : 1, published.size());
          assertEquals(same ? 3 : 2, allocator.check().blocks());
        });
  }

  @Test
  void ofTwoWhoPublishAtOnceBothSucceedOrTheSecondIsToldTheField() {
    explore("two publish", of(a -> {}, s -> publishing(s, true)).preemptions(1));
    explore("two publish different ones", of(a -> {}, s -> publishing(s, false)).preemptions(1));
    System.out.println(of(a -> {}, s -> publishing(s, false)).random(7, Storm.count(200, 20_000)));
  }

  @Test
  void anOldAndANewProgramThatMakeAStructAtOnceGetTheSame() {
    Simulation two =
        of(
            NEW::publish,
            s -> {
              List<Long> found = new ArrayList<>();
              process(s, "old", allocator -> found.add(OLD.named(allocator, "it").offset()));
              process(s, "new", allocator -> found.add(NEW.named(allocator, "it").offset()));
              s.check(
                  p -> {
                    assertEquals(2, found.size());
                    assertEquals(found.get(0), found.get(1));
                    assertTrue(NEW.versionOf(p.heap(), found.get(0)) >= 1);
                  });
            });
    explore("old and new", two.preemptions(1));
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
                    requireAllThere(allocator);
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

  /** Before anybody mends anything, each element below the size can be read. */
  private static void requireAllThere(Allocator allocator) {
    SharedArray<Long> array = SharedArray.named(allocator, "array", ElementType.INT64, 0);
    long size = array.size();
    if (size > 0) {
      assertTrue(array.get(0) == 0 || array.get(0) == 77);
      assertTrue(size == 1 || array.get(size - 1) == 0);
    }
    assertEquals(List.of(), array.check().findings());
  }

  @Test
  void anArrayOfStructsHasItsHeadersAfterEachDeath() {
    crashes(
        "array of structs",
        of(
            WIDE::publish,
            s -> {
              process(s, "maker", allocator -> SharedArray.named(allocator, "array", WIDE, 3));
              after(
                  s,
                  allocator -> {
                    SharedArray<Wide> array = SharedArray.named(allocator, "array", WIDE, 4);
                    assertEquals(1, WIDE.versionOf(allocator.heap(), array.at(3)));
                    assertEquals(List.of(), array.check().findings());
                  },
                  new long[] {5});
            }));
  }

  /** Whoever makes it dies, and a program of another version goes on with it. */
  @Test
  void anArrayOfAnOldProgramThatDiesIsMadeByANewOne() {
    crashes(
        "array of another version",
        of(
            NEW::publish,
            s -> {
              process(s, "old", allocator -> SharedArray.named(allocator, "array", OLD, 0));
              after(
                  s,
                  allocator -> {
                    SharedArray<New> array = SharedArray.named(allocator, "array", NEW, 0);
                    assertEquals(0, array.size());
                    assertTrue(array.elementLength() <= NEW.length());
                  },
                  new long[] {4});
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
              after(
                  s,
                  allocator -> {
                    if (allocator.findRoot("array").isPresent()) {
                      requireAllThere(allocator);
                    }
                    SharedArray.remove(allocator, "array");
                  },
                  new long[] {0});
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
    explore("two grow", two.preemptions(1));
    System.out.println(two.random(11, Storm.count(200, 20_000)));
  }

  @Test
  void aNodeIsInItsTypedSlotOrNowhere() {
    crashes(
        "typed slots",
        of(
            allocator -> {
              NODE.named(allocator, "head");
              NODE.named(allocator, "tail");
            },
            s -> {
              process(
                  s,
                  "worker",
                  allocator -> {
                    Heap heap = allocator.heap();
                    Slot<Node> first = NEXT.of(heap, NODE.named(allocator, "head"));
                    Slot<Node> last = NEXT.of(heap, NODE.named(allocator, "tail"));
                    first.allocate(allocator, NODE, made -> VALUE.set(heap, made, 5));
                    assertTrue(first.moveTo(allocator, last));
                    first.allocate(allocator, NODE);
                    assertTrue(last.free(allocator));
                  });
              s.recovery(
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      allocator.recover();
                    }
                  });
              s.check(
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    Heap heap = allocator.heap();
                    int nodes = 0; // beside two structs with a name, and the layout
                    for (String name : List.of("head", "tail")) {
                      Block<Node> node = NEXT.of(heap, NODE.named(allocator, name)).get(allocator);
                      nodes += node.isPresent() ? 1 : 0;
                      assertTrue(!node.isPresent() || VALUE.get(heap, node) % 5 == 0);
                    }
                    assertEquals(4 + nodes, allocator.check().blocks(), "no node is lost");
                  });
            }));
  }
}
