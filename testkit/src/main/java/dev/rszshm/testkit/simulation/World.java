package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.spi.Platform;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every process of a simulation or a crash replay begins with: words or a heap, or nothing but
 * the machine. It is made once; each run begins with a copy.
 */
final class World {
  private static final String WORDS = "words";
  private static final Path HEAP = Path.of("/heap");

  private final int words;
  private final Optional<Supplier<HeapBuilder>> heap;
  private final SimulatedMachine machine = new SimulatedMachine();

  private World(int words, Optional<Supplier<HeapBuilder>> heap) {
    this.words = words;
    this.heap = heap;
  }

  static void requireSize(int size) {
    if (size < 1 || size > 1 << 20) {
      throw new IllegalArgumentException("a simulation has 1 to 1,048,576 words, found " + size);
    }
  }

  static World ofWords(int size) {
    return new World(size, Optional.empty());
  }

  static World ofHeap(Supplier<HeapBuilder> builder) {
    return new World(0, Optional.of(builder));
  }

  static World ofMachine() {
    return new World(0, Optional.empty());
  }

  SimulatedMachine machine() {
    return machine;
  }

  /** Makes it, and lets a first process work on it, which then ends. */
  void make(ProcessBody setUp) {
    if (words > 0) {
      SimulatedFile file = machine.createFile(SimulatedFile.Kind.REGULAR);
      file.setLength(8L * words);
      machine.names().put(WORDS, file);
    }
    SimulatedProcess first = machine.start("set-up");
    if (heap.isPresent()) {
      HeapBuilder builder = heap.get().get();
      first.setHeap(builder.platform(first.platform()).name(first.name()).create(HEAP));
    } else {
      enter(first);
    }
    try {
      setUp.run(first);
      if (heap.isPresent() && first.heap().isOpen()) {
        first.heap().close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("the set-up failed: " + e.getMessage(), e);
    }
    first.end(false);
    machine.keep();
    machine.reset();
  }

  /** Gives a new process its words, or attaches it to the heap. */
  void enter(SimulatedProcess process) {
    Tracer tracer = machine.tracer();
    machine.trace(null); // it is no part of the run
    try {
      equip(process);
    } finally {
      machine.trace(tracer);
    }
  }

  private void equip(SimulatedProcess process) {
    if (words > 0) {
      SimulatedFile file = machine.names().get(WORDS);
      if (file == null) {
        throw new IllegalStateException("the set-up has removed the file of the words: leave it");
      }
      process.setWords(process.space().mapAnywhere(file, file.length()), words);
    }
    heap.ifPresent(builder -> process.setHeap(attach(process, builder.get())));
  }

  private static Heap attach(SimulatedProcess process, HeapBuilder builder) {
    Platform platform = process.platform();
    HeapBuilder attaching = builder.platform(platform).name(process.name());
    return (process.isObserver() ? attaching.readOnly() : attaching).attach(HEAP);
  }
}
