package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workers that another process has started, which had the pool before. Any thread may use it. */
final class AdoptedWorkers {
  private final Heap heap;

  /** Their process ids by their tags; 0 if it is not known. In the monitor of this object. */
  private final Map<Integer, Long> pids = new HashMap<>();

  AdoptedWorkers(Heap heap) {
    this.heap = heap;
  }

  synchronized void add(int tag) {
    pids.put(tag, heap.participant(tag).map(Participant::pid).orElse(0L));
  }

  synchronized int size() {
    return pids.size();
  }

  synchronized boolean isAnyAlive() {
    return pids.keySet().stream().anyMatch(heap::isAlive);
  }

  /** Lets go of those that have died; returns their process ids. */
  synchronized List<Long> removeDead() {
    List<Long> dead = new ArrayList<>();
    pids.entrySet()
        .removeIf(worker -> !heap.isAlive(worker.getKey()) && dead.add(worker.getValue()));
    return dead;
  }

  /** Ends those that live, at once, and does not wait. */
  synchronized void kill() {
    pids.forEach(this::kill);
  }

  /** Who has the lock of an attachment has its process id, too, and no other process can. */
  private void kill(int tag, long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid); // of this time, and no later one
    if (heap.isAlive(tag) && isHere(tag)) {
      boolean unused = process.map(ProcessHandle::destroyForcibly).orElse(false);
    }
  }

  /** Whether a worker has its process id in the namespace of this process. */
  private boolean isHere(int tag) {
    Optional<Participant> self = heap.self();
    Optional<Participant> worker = heap.participant(tag);
    return self.isPresent()
        && worker.isPresent()
        && self.get().process().pidNamespace() == worker.get().process().pidNamespace();
  }
}
