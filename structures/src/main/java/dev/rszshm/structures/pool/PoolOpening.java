package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.internal.os.ProcFile;
import dev.rszshm.structures.internal.pool.PoolLayout;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a pool is found or made by its name, and who has its workers. */
final class PoolOpening {
  private static final int BLOCK_ALIGNMENT = 16;
  private static final int MOST_NAMES = 10;

  private final Allocator allocator;
  private final Heap heap;
  private final String name;

  PoolOpening(Allocator allocator, String name) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.name = name;
  }

  /**
   * Finds the pool.
   *
   * @throws NotAPoolException if there is none
   */
  TaskQueue find() {
    RootEntry root =
        allocator
            .findRoot(name)
            .orElseThrow(
                () ->
                    new NotAPoolException(
                        "there is no pool \""
                            + name
                            + "\" in "
                            + heap.path()
                            + ": nothing has that name there, "
                            + choices()
                            + ", or make it: WorkerPool.named with workers, WorkerPool.withoutWorkers"
                            + " without"));
    if (root.type() != WorkerPool.ROOT_TYPE) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAPoolException(
          String.format(
              Locale.ROOT,
              "\"%s\" of %s is no pool: found a root of the type 0x%x, expected that of a pool, 0x%x;"
                  + " %s, or make one of another name: WorkerPool.named",
              name,
              heap.path(),
              root.type(),
              WorkerPool.ROOT_TYPE,
              choices()));
    }
    return new TaskQueue(PoolTables.at(allocator, place(root)));
  }

  /** Says which pools there are. */
  private String choices() {
    List<String> pools =
        allocator.roots().stream()
            .filter(root -> root.type() == WorkerPool.ROOT_TYPE)
            .map(root -> "\"" + root.name() + "\"")
            .sorted()
            .toList();
    return pools.isEmpty()
        ? "and the heap has no pool at all: look whether it is the right heap"
        : "and the pools there are "
            + pools.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
            + (pools.size() > MOST_NAMES ? " and more" : "")
            + ": name one of them";
  }

  /**
   * Finds the pool, or makes it.
   *
   * @throws NotAPoolException if it was made otherwise
   */
  TaskQueue findOrMake(PoolSpec spec) {
    Optional<RootEntry> root = allocator.findRoot(name);
    if (root.isPresent() && root.get().type() == WorkerPool.ROOT_TYPE) {
      long there = place(root.get());
      if (PoolTables.isMade(allocator, there)) {
        PoolTables found = PoolTables.at(allocator, there);
        requireSame(found, spec);
        return new TaskQueue(found);
      }
    }
    long place =
        allocator.place(
            name,
            WorkerPool.ROOT_TYPE,
            PoolLayout.CURRENT_VERSION,
            spec.length(),
            PoolLayout.ALIGNMENT);
    return new TaskQueue(
        PoolTables.at(allocator, place, spec.queueLength(), spec.runs(), spec.deaths()));
  }

  private long place(RootEntry root) {
    int slack = PoolLayout.ALIGNMENT - BLOCK_ALIGNMENT;
    return allocator.place(
        root.name(), root.type(), root.version(), root.size() - slack, PoolLayout.ALIGNMENT);
  }

  private void requireSame(PoolTables found, PoolSpec spec) {
    List<String> differing = new ArrayList<>();
    int threads = spec.workers() * spec.threads();
    if (found.slots != spec.queueLength()) {
      differing.add(
          difference(
              "a queue of " + found.slots + " tasks", spec.queueLength(), "withQueueLength"));
    }
    if (found.deaths != spec.deaths()) {
      differing.add(difference(found.deaths + " deaths for a task", spec.deaths(), "withDeaths"));
    }
    if (found.runs < threads) {
      differing.add(
          difference(
              "room for " + found.runs + " threads of workers", threads, "ofWorkers, withThreads"));
    }
    if (!differing.isEmpty()) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAPoolException(
          "the pool \""
              + name
              + "\" of "
              + heap.path()
              + " was made otherwise: "
              + String.join("; ", differing)
              + ". A pool keeps what it was made with, also when it is closed: say the same in the"
              + " PoolSpec, or name another pool");
    }
  }

  private static String difference(String found, int expected, String method) {
    return "found " + found + ", expected " + expected + " (PoolSpec." + method + ")";
  }

  /**
   * Opens the pool with workers. If that fails, the pool takes tasks afterwards if it did before.
   */
  WorkerPool openWithWorkers(PoolSpec spec) throws InterruptedException {
    PoolSpace.require(allocator, spec, allocator.findRoot(name).isEmpty());
    TaskQueue queue = findOrMake(spec);
    boolean wasStopped = queue.isStopped();
    boolean wasShutDown = queue.isShutDown();
    int owner = queue.own();
    if (owner != 0) {
      throw ownedBy(owner, queue.tables());
    }
    boolean opened = false;
    try {
      queue.recover();
      ClientTasks tasks = new ClientTasks(queue, name);
      WorkerCrew crew = new WorkerCrew(queue, spec, name, tasks);
      crew.start();
      opened = true;
      return new WorkerPool(queue, tasks, name, crew, spec);
    } finally {
      if (!opened && heap.isOpen()) {
        if (wasStopped) {
          int unused = queue.stop();
        } else if (wasShutDown) {
          queue.shutDown();
        }
        queue.disown();
      }
    }
  }

  private IllegalStateException ownedBy(int owner, PoolTables tables) {
    String whose =
        owner == tables.self()
            ? "another WorkerPool of this process, which is not closed"
            : "another process" + heap.participant(owner).map(PoolOpening::describe).orElse("");
    return new IllegalStateException(
        "the workers of the pool \""
            + name
            + "\" of "
            + heap.path()
            + " belong to "
            + whose
            + ": open it without workers (WorkerPool.open), or use another name");
  }

  private static String describe(Participant other) {
    return " with pid "
        + other.pid()
        + (isStopped(other.pid()) ? ", which is stopped (kill -CONT lets it go on)" : "");
  }

  private static boolean isStopped(long pid) {
    try {
      String state = ProcFile.read("/proc/" + pid + "/stat");
      return state.startsWith("T", state.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false; // it has ended meanwhile, or is in another pid namespace
    }
  }
}
