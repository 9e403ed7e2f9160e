package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Making a heap and attaching to it meanwhile, in every order, and with a death at each step: the
 * protocols of {@code HeapCreation} and {@code HeapAttaching}.
 */
class CreationSimulationTest {
  private static final Path PATH = Path.of("/x/heap");

  /** The heaps that processes of one run got, and how many of them made one. */
  private static final class Heaps {
    private final Set<UUID> ids = new HashSet<>();
    private int made;

    private void got(Heap heap) {
      assertEquals(3 * 4096, heap.length());
      assertTrue(heap.self().orElseThrow().alive());
      heap.getAndAddLong(heap.dataOffset(), 1);
      ids.add(heap.id().orElseThrow());
      assertEquals(1, ids.size(), "heaps of one name");
      heap.close();
    }

    private void create(HeapBuilder builder) {
      try (Heap heap = builder.create(PATH)) {
        made++;
        got(heap);
      } catch (HeapExistsException overtaken) {
        // The other creator has made it.
      }
    }

    private void attach(HeapBuilder builder) {
      try (Heap heap = builder.attach(PATH)) {
        got(heap);
      } catch (NoSuchHeapException none) {
        // Nobody has made it yet. Any other failure is one.
      }
    }

    private void open(HeapBuilder builder) {
      try (Heap heap = builder.open(PATH)) {
        got(heap);
      }
    }
  }

  private static HeapBuilder builder(SimulatedProcess p) {
    return builder(p, p.platform());
  }

  private static HeapBuilder builder(SimulatedProcess p, Platform platform) {
    return Heap.builder().platform(platform).name(p.name()).participants(4).span(1 << 20);
  }

  private static Simulation making(BiConsumer<Scenario, Heaps> scenario) {
    return Simulation.ofMachine()
        .scenario(
            s -> {
              Heaps heaps = new Heaps();
              scenario.accept(s, heaps);
              s.check(p -> requireNothingHalf(heaps, p));
            })
        .bulkSteps(1);
  }

  /** What is there in the end is whole, and is what everybody had. */
  private static void requireNothingHalf(Heaps heaps, SimulatedProcess p) {
    assertTrue(heaps.made <= 1, "creators who made it");
    try (Heap heap = builder(p).attach(PATH)) {
      heaps.ids.add(heap.id().orElseThrow());
      assertEquals(1, heaps.ids.size(), "heaps of one name");
      heap.reclaimDead();
      assertEquals(1, heap.participants().size());
    } catch (NoSuchHeapException none) {
      assertTrue(heaps.ids.isEmpty(), "a heap was there, and is gone");
    }
  }

  @Test
  void ofSeveralWhoMakeAHeapOneDoesAndTheOthersGetIt() {
    Simulation simulation =
        making(
            (s, heaps) -> {
              s.process("creator", p -> heaps.create(builder(p)));
              s.process("creator too", p -> heaps.create(builder(p)));
              s.survivor("opener", p -> heaps.open(builder(p)));
            });
    Schedules.explore("creators", simulation.kills(1).preemptions(Storm.count(1, 3)));
  }

  @Test
  void whoAttachesMeanwhileGetsAWholeHeapOrNone() {
    Simulation simulation =
        making(
            (s, heaps) -> {
              s.process("creator", p -> heaps.create(builder(p)));
              s.survivor("attacher", p -> heaps.attach(builder(p)));
            });
    Schedules.explore("attacher", simulation.kills(1).preemptions(Storm.count(3, 5)));
    Schedules.explore(
        "attacher in weak memory", simulation.staleLoads(2).preemptions(Storm.count(2, 3)));
  }

  @Test
  void openersGetOneHeapWhoeverOfThemDies() {
    Simulation simulation =
        making(
            (s, heaps) -> {
              s.process("opener", p -> heaps.open(builder(p)));
              s.process("opener too", p -> heaps.open(builder(p)));
              s.recovery(p -> heaps.open(builder(p)));
            });
    Schedules.explore("openers", simulation.kills(1).preemptions(Storm.count(1, 3)));
  }

  /** Where a file must have a name, it has a hidden one until it is whole. */
  @Test
  void whereFilesNeedNamesNobodySeesHalfAHeapEither() {
    Simulation simulation =
        making(
            (s, heaps) -> {
              s.process("creator", p -> heaps.create(builder(p, named(p))));
              s.survivor("opener", p -> heaps.open(builder(p, named(p))));
            });
    Schedules.explore("hidden names", simulation.kills(1).preemptions(Storm.count(2, 4)));
  }

  /** A platform whose file systems have no files without a name. */
  private static Platform named(SimulatedProcess p) {
    SystemCalls calls =
        (SystemCalls)
            Proxy.newProxyInstance(
                SystemCalls.class.getClassLoader(),
                new Class<?>[] {SystemCalls.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("createUnnamed")) {
                    throw new SystemCallException("open", Errno.EOPNOTSUPP, "not supported");
                  }
                  try {
                    return method.invoke(p.calls(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Platform(p.memory(), calls);
  }

  @Test
  void aHeapThatIsRemovedIsThereForWhoHasIt() {
    Simulation simulation =
        Simulation.ofMachine()
            .setUp(p -> builder(p).create(PATH).close())
            .scenario(
                s -> {
                  s.process("remover", p -> removeIt(p));
                  s.survivor("attacher", p -> new Heaps().attach(builder(p)));
                })
            .bulkSteps(1);
    Schedules.explore("removal", simulation.kills(1).preemptions(Storm.count(2, 5)));
  }

  private static void removeIt(SimulatedProcess p) {
    try (Heap heap = builder(p).attach(PATH)) {
      assertTrue(heap.unlink());
      assertFalse(heap.unlink());
      heap.putLong(heap.dataOffset() + 8, 1);
    }
    assertThrows(NoSuchHeapException.class, () -> builder(p).attach(PATH));
  }
}
