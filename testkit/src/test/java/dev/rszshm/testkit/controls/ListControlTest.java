package dev.rszshm.testkit.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Stacks of nodes. A node is two words, value and the number of the next node; a stack is one word:
 * the number of its first node, and above that a tag. Number 0 is none.
 */
class ListControlTest {
  private static final int NODES = 2;
  private static final int STACK = 0;
  private static final int OTHER = 1;
  private static final int INTENT = 2;
  private static final int FIRST_NODE = 3;
  private static final long TAG = 1L << 32;
  private static final long VALUE = 7;

  @AfterAll
  static void printTheTable() {
    Control.print();
  }

  private static Simulation ofNodes() {
    return Simulation.ofWords(FIRST_NODE + 2 * NODES);
  }

  private static long value(SimulatedProcess p, long node) {
    return p.word(FIRST_NODE + 2 * (int) (node - 1));
  }

  private static long next(SimulatedProcess p, long node) {
    return value(p, node) + Long.BYTES;
  }

  private static long node(long head) {
    return head & (TAG - 1);
  }

  /** Puts a node on a stack; {@code tag} is added to the head word. */
  private static void push(SimulatedProcess p, int stack, long node, long tag) {
    Memory memory = p.memory();
    long head;
    do {
      head = memory.getLongAcquire(p.word(stack));
      memory.putLong(next(p, node), node(head));
    } while (!memory.compareAndSetLong(p.word(stack), head, (head - node(head) + node) + tag));
  }

  private static long pop(SimulatedProcess p, int stack, long tag) {
    Memory memory = p.memory();
    while (true) {
      long head = memory.getLongAcquire(p.word(stack));
      if (node(head) == 0) {
        return 0;
      }
      long next = memory.getLongOpaque(next(p, node(head)));
      if (memory.compareAndSetLong(p.word(stack), head, (head - node(head) + next) + tag)) {
        return node(head);
      }
    }
  }

  private static List<Long> nodes(SimulatedProcess p, int stack) {
    List<Long> found = new ArrayList<>();
    long node = node(p.memory().getLongAcquire(p.word(stack)));
    while (node != 0 && found.size() <= NODES) {
      found.add(node);
      node = p.memory().getLong(next(p, node));
    }
    return found;
  }

  private static ProcessBody bothNodesOn(int stack) {
    return p -> {
      push(p, stack, 2, 0);
      push(p, stack, 1, 0);
    };
  }

  @Test
  void aNodeThatIsLinkedBeforeItIsFilledIsSeenEmpty() {
    ProcessBody linksFirst =
        p -> {
          push(p, STACK, 1, TAG);
          p.memory().putLong(value(p, 1), VALUE);
        };
    ProcessBody fillsFirst =
        p -> {
          p.memory().putLong(value(p, 1), VALUE);
          push(p, STACK, 1, TAG);
        };
    new Control("list: node linked before it is filled", filling(linksFirst), filling(fillsFirst))
        .mustFail("value of node 1 ==> expected: <7> but was: <0>", "A3 B3");
  }

  private static Simulation filling(ProcessBody writer) {
    return ofNodes()
        .scenario(
            s ->
                s.process("writer", writer)
                    .process(
                        "reader",
                        p -> {
                          for (long node : nodes(p, STACK)) {
                            long value = p.memory().getLong(value(p, node));
                            assertEquals(VALUE, value, "value of node " + node);
                          }
                        }));
  }

  @Test
  void aPopThatTakesTheSameHeadForTheSameListGivesOneNodeToTwo() {
    new Control("list: pop without a tag (ABA)", popping(0), popping(TAG))
        .mustFail("nodes ==> expected: <[1, 2]> but was: <[1, 2, 2]>", "A2 B9 A");
  }

  /** One process takes a node; the other takes two and gives the first back. */
  private static Simulation popping(long tag) {
    return ofNodes()
        .setUp(bothNodesOn(STACK))
        .scenario(
            s -> {
              List<Long> taken = new ArrayList<>();
              s.process("taker", p -> taken.add(pop(p, STACK, tag)));
              s.process(
                  "other",
                  p -> {
                    long first = pop(p, STACK, tag);
                    taken.add(pop(p, STACK, tag));
                    push(p, STACK, first, tag);
                  });
              s.check(
                  p -> {
                    List<Long> all = new ArrayList<>(nodes(p, STACK));
                    all.addAll(taken);
                    all.removeIf(node -> node == 0);
                    assertEquals(List.of(1L, 2L), all.stream().sorted().toList(), "nodes");
                  });
            });
  }

  /** Says which node it moves before it does. */
  private static final ProcessBody ANNOUNCES =
      p -> {
        long node = node(p.memory().getLongAcquire(p.word(STACK)));
        p.memory().putLongVolatile(p.word(INTENT), node);
        push(p, OTHER, pop(p, STACK, TAG), TAG);
        p.memory().putLongVolatile(p.word(INTENT), 0);
      };

  /** Pushes the node that was announced, if it is on neither stack. */
  private static final ProcessBody FINISHES =
      p -> {
        long node = p.memory().getLongVolatile(p.word(INTENT));
        if (node != 0 && !nodes(p, STACK).contains(node) && !nodes(p, OTHER).contains(node)) {
          push(p, OTHER, node, TAG);
        }
        p.memory().putLongVolatile(p.word(INTENT), 0);
      };

  @Test
  void aDeathBetweenTwoListsLosesANode() {
    ProcessBody moves = p -> push(p, OTHER, pop(p, STACK, TAG), TAG);
    new Control(
            "list: death between pop and push", moving(moves, p -> {}), moving(ANNOUNCES, FINISHES))
        .mustFail("nodes ==> expected: <[1, 2]> but was: <[2]>", "A3 Ax B");
  }

  @Test
  void aRecoveryThatDoesNotLookWhatWasDoneGivesANodeTwice() {
    ProcessBody hasty =
        p -> {
          long node = p.memory().getLongVolatile(p.word(INTENT));
          if (node != 0 && !nodes(p, STACK).contains(node)) {
            push(p, OTHER, node, TAG);
          }
          p.memory().putLongVolatile(p.word(INTENT), 0);
        };
    new Control(
            "list: recovery pushes again what was pushed",
            moving(ANNOUNCES, hasty),
            moving(ANNOUNCES, FINISHES))
        .mustFail("nodes ==> expected: <[1, 2]> but was: <[1, 1, 1, 2]>", "A8 Ax B8");
  }

  private static Simulation moving(ProcessBody mover, ProcessBody recovery) {
    return ofNodes()
        .setUp(bothNodesOn(STACK))
        .scenario(
            s ->
                s.process("mover", mover)
                    .recovery(recovery)
                    .check(
                        p -> {
                          List<Long> all = new ArrayList<>(nodes(p, STACK));
                          all.addAll(nodes(p, OTHER));
                          List<Long> sorted = all.stream().sorted().toList();
                          if (!sorted.equals(List.of(1L, 2L))) {
                            fail("nodes ==> expected: <[1, 2]> but was: <" + sorted + ">");
                          }
                        }))
        .kills(2);
  }
}
