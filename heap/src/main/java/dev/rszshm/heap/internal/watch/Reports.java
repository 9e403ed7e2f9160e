package dev.rszshm.heap.internal.watch;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.watch.HeapGrowth;
import dev.rszshm.heap.watch.HeapListener;
import dev.rszshm.heap.watch.HeapRecovery;
import dev.rszshm.heap.watch.OwnerDeath;
import dev.rszshm.heap.watch.SlowAllocation;
import dev.rszshm.heap.watch.SlowWait;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what happens to a heap in this process: to its listeners, and to Flight Recorder.
 *
 * <p>It is called on slow paths only, often with something just taken and a lock held. So what
 * reports does not run the caller's code, does not wait and does not throw: a report for which
 * there is no memory, or no room on the stack, is dropped and counted. So is one whose class or
 * lambda was first wanted where the stack had no room for it: it is broken as long as the JVM
 * lives. Nothing here refers to the heap, which may become garbage.
 */
public final class Reports {
  /** Whether this JVM has Flight Recorder, and this module may use it. */
  private static final boolean FLIGHT_RECORDER =
      ModuleLayer.boot()
          .findModule("jdk.jfr")
          .filter(Reports.class.getModule()::canRead)
          .isPresent();

  private static @Nullable Function<Heap, Reports> reportsOf;

  private final Path path;
  private final List<ListenerThread> listeners = new CopyOnWriteArrayList<>();
  private boolean ended;

  /**
   * Makes those of an attachment.
   *
   * @param path of the heap
   */
  public Reports(String path) {
    this.path = Path.of(path);
  }

  /** Connects this class with that of heaps. */
  public static void connect(Function<Heap, Reports> reports) {
    reportsOf = reports;
  }

  /** Returns the reports of a heap. */
  public static Reports of(Heap heap) {
    return Objects.requireNonNull(reportsOf, "heaps connect themselves before there is one")
        .apply(heap);
  }

  /**
   * Whether this JVM has a recorder already. The first event that is touched would make one, which
   * takes longer than all the rest of creating a heap.
   */
  private static boolean isRecorded() {
    return FLIGHT_RECORDER && FlightRecorder.isInitialized();
  }

  /** Whether anybody wants to know. */
  public boolean isWatched(ReportKind kind) {
    try {
      return !listeners.isEmpty() || (isRecorded() && FlightRecording.records(kind));
    } catch (LinkageError neverThere) {
      return false;
    }
  }

  /** Begins to time something; returns null if nobody wants to know. */
  public @Nullable Pending begin(ReportKind kind) {
    try {
      Object event = isRecorded() ? FlightRecording.begin(kind) : null;
      return event == null && listeners.isEmpty() ? null : new Pending(event);
    } catch (VirtualMachineError | LinkageError noRoom) {
      drop();
      return null;
    }
  }

  /** Reports that this process has grown the heap. */
  public void grown(@Nullable Pending pending, long from, long to) {
    if (pending != null) {
      try {
        HeapGrowth growth = new HeapGrowth(path, from, to, pending.time());
        if (pending.event != null) {
          FlightRecording.end(pending.event, growth);
        }
        deliver(listener -> listener.grown(growth));
      } catch (VirtualMachineError | LinkageError noRoom) {
        drop();
      }
    }
  }

  /** Reports that this process has recovered lanes of the dead. */
  public void recovered(@Nullable Pending pending, int lanes) {
    if (pending != null) {
      try {
        HeapRecovery recovery = new HeapRecovery(path, lanes, pending.time());
        if (pending.event != null) {
          FlightRecording.end(pending.event, recovery);
        }
        deliver(listener -> listener.recovered(recovery));
      } catch (VirtualMachineError | LinkageError noRoom) {
        drop();
      }
    }
  }

  /** Reports that a wait has ended. */
  public void waited(@Nullable Pending pending, long offset, boolean found) {
    if (pending != null) {
      try {
        SlowWait wait = new SlowWait(path, offset, pending.time(), found, threadName());
        if (pending.event != null) {
          FlightRecording.end(pending.event, wait);
        }
        for (ListenerThread listener : listeners) {
          if (wait.time().compareTo(listener.slowWait) >= 0) {
            listener.offer(to -> to.waited(wait));
          }
        }
      } catch (VirtualMachineError | LinkageError noRoom) {
        drop();
      }
    }
  }

  /** Reports that an allocation which had to make room has ended. */
  public void allocated(@Nullable Pending pending, long length, boolean allocated) {
    if (pending != null) {
      try {
        SlowAllocation allocation =
            new SlowAllocation(path, length, pending.time(), allocated, threadName());
        if (pending.event != null) {
          FlightRecording.end(pending.event, allocation);
        }
        for (ListenerThread listener : listeners) {
          if (allocation.time().compareTo(listener.slowAllocation) >= 0) {
            listener.offer(to -> to.allocatedSlowly(allocation));
          }
        }
      } catch (VirtualMachineError | LinkageError noRoom) {
        drop();
      }
    }
  }

  /**
   * Reports that this process has taken over what a dead participant owned.
   *
   * @param dead the participant, if it is in the table yet
   */
  public void ownerDied(long offset, int tag, Optional<Participant> dead) {
    try {
      OptionalLong pid =
          dead.map(participant -> OptionalLong.of(participant.pid())).orElse(OptionalLong.empty());
      OwnerDeath death = new OwnerDeath(path, offset, tag, pid);
      if (isRecorded()) {
        FlightRecording.record(death);
      }
      deliver(listener -> listener.ownerDied(death));
    } catch (VirtualMachineError | LinkageError noRoom) {
      drop();
    }
  }

  /** Whether a listener is told of a heap that was not closed. */
  public boolean abandoned() {
    deliver(listener -> listener.abandoned(path));
    return !listeners.isEmpty();
  }

  private static String threadName() {
    return Thread.currentThread().getName();
  }

  private void deliver(Consumer<HeapListener> report) {
    for (ListenerThread listener : listeners) {
      listener.offer(report);
    }
  }

  private void drop() {
    for (ListenerThread listener : listeners) {
      listener.drop();
    }
  }

  /** Lets a listener get all reports from now on. */
  public synchronized void add(HeapListener listener) {
    if (ended) {
      throw new IllegalStateException(path + " is closed");
    }
    ListenerThread thread = new ListenerThread(listener, path);
    thread.start();
    listeners.add(thread);
  }

  /** Lets a listener get no report any more; returns whether it was there. */
  public synchronized boolean remove(HeapListener listener) {
    for (ListenerThread thread : listeners) {
      if (thread.calls(listener)) {
        listeners.remove(thread);
        thread.remove();
        return true;
      }
    }
    return false;
  }

  /** Lets the listeners get what is left, and end. */
  public synchronized void end() {
    if (!ended) {
      ended = true;
      listeners.forEach(ListenerThread::close);
      listeners.clear();
    }
  }
}
