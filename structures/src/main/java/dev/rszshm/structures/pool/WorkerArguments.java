package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.internal.pool.PoolTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a worker of a pool is told when it is started.
 *
 * @param link leads to the file of the heap that the starter has open, whatever has its name by now
 * @param path the name of the file
 * @param id that of the heap; empty for none
 * @param starter tag of the attachment of the process that starts it
 * @param offset that of the pool
 * @param threads how many threads run tasks
 * @param outliving how long it goes on without the process that has the workers; empty: it does not
 * @param preparation the class of its {@link WorkerPreparation}; empty for none
 * @param worker its name
 */
record WorkerArguments(
    Path link,
    Path path,
    String id,
    int starter,
    long offset,
    int threads,
    Optional<Duration> outliving,
    String preparation,
    String worker) {

  /** Returns what all workers of a pool are told. */
  static WorkerArguments of(PoolTables tables, PoolSpec spec) {
    Heap heap = tables.allocator().heap();
    return new WorkerArguments(
        heap.descriptor().path(),
        heap.path(),
        idOf(heap),
        tables.self(),
        tables.offset(),
        spec.threads(),
        spec.outliving(),
        spec.preparation(),
        "");
  }

  private static String idOf(Heap heap) {
    return heap.id().map(UUID::toString).orElse("");
  }

  /** Returns the words for the worker of a name. */
  List<String> of(String name) {
    return List.of(
        link.toString(),
        path.toString(),
        id,
        Integer.toString(starter),
        Long.toString(offset),
        Integer.toString(threads),
        outliving.map(Duration::toString).orElse(""),
        preparation,
        name);
  }

  static WorkerArguments parse(List<String> words) {
    return new WorkerArguments(
        Path.of(words.get(0)),
        Path.of(words.get(1)),
        words.get(2),
        Integer.parseInt(words.get(3)),
        Long.parseLong(words.get(4)),
        Integer.parseInt(words.get(5)),
        Optional.of(words.get(6)).filter(text -> !text.isEmpty()).map(Duration::parse),
        words.get(7),
        words.get(8));
  }

  /**
   * Attaches to the heap: to the very file that the starter has open, by its name if that leads
   * there.
   *
   * @throws IllegalStateException if there is another heap, or a copy of it, which the starter does
   *     not use
   */
  Heap attach() {
    Heap heap = Heap.builder().name("pool worker").attach(isNamed() ? path : link);
    boolean right = false;
    try {
      requireThatOfPool(heap);
      right = true;
      return heap;
    } finally {
      if (!right) {
        heap.close();
      }
    }
  }

  /**
   * Requires that a heap is the one of the pool, and of its starter.
   *
   * @throws IllegalStateException if it is not
   */
  void requireThatOfPool(Heap heap) {
    if (!idOf(heap).equals(id)) {
      throw new IllegalStateException(
          path
              + " is another heap than that of the pool: found the id "
              + idOf(heap)
              + ", expected "
              + id
              + ". Close the pool, and make it anew in the heap that is there");
    }
    if (!heap.participant(starter).map(Participant::alive).orElse(false)) {
      throw new IllegalStateException(
          path
              + " is a copy of the heap of the pool, or who has the pool has ended: its attachment"
              + " with the tag "
              + starter
              + " is not alive here. Close the pool, and make it anew in the heap that is there");
    }
  }

  /** Whether the name leads to the file; or the link does not, as in another pid namespace. */
  boolean isNamed() {
    try {
      return Files.isSameFile(link, path);
    } catch (IOException e) {
      return !Files.exists(link);
    }
  }
}
