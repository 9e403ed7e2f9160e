package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.testkit.history.HistoryRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of a simulated machine, as its own code sees it: a memory, a system, and what the
 * simulation was given, at the same addresses in every process.
 *
 * <p>The code must be deterministic: what it does may depend on what it reads through {@link
 * #memory}, {@link #calls} and {@link #choose}, and on nothing else that changes. State that it
 * shares with other processes lies in the simulated memory; what it leaves in Java objects is for
 * the check at the end. It runs in one thread, unless the scenario gives it more: each of them has
 * an object of this class, and they share memory, system, heap and Java objects.
 */
public final class SimulatedProcess {
  /** How a process stands. */
  enum Status {
    RUNNABLE,
    SLEEPING,
    ENDED,
    KILLED
  }

  private static final int MOST_DEATHS = 10_000;
  private static final int CLOCK_READS = 100;
  private static final long CLOCK_READING = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long CLOCK_TICK = TimeUnit.MILLISECONDS.toNanos(1);

  private final SimulatedMachine machine;
  private final int number;
  private final String name;
  private final SimulatedProcess leader;

  /** All threads of the process, in one list for all of them. */
  private final List<SimulatedProcess> threads;

  private final AddressSpace space;
  private final Map<Integer, OpenFile> descriptors;
  private final List<OpenFile> closed;
  private final Memory memory;
  private final Memory ghost;
  private final SystemCalls calls;
  private int nextDescriptor = 3;
  private Status status = Status.RUNNABLE;
  private Sleep sleep = Sleep.NONE;
  private boolean woken;
  private long asleepSince;
  private long history;
  private View view = new View();
  private View unacquired = new View();

  /** What the process had seen at its last release fence; null if there was none. */
  private @Nullable View released;

  /** Where it runs; null before its first turn, and where any thread may act for it. */
  private @Nullable Thread thread;

  private @Nullable Heap heap;
  private long words;
  private int wordCount;
  private boolean observer;
  private int clockReads;
  private int deaths;
  private volatile boolean stubborn;
  private boolean recovery;
  private boolean stopped;
  private long nextPlace = Director.NO_LOOK;
  private boolean nextOnlyLooks;
  private long trustedCall = Trust.NO_CALL;
  private boolean goesOnInCall;
  private final WaitingLoop loop = new WaitingLoop();

  SimulatedProcess(SimulatedMachine machine, int number, String name) {
    this.machine = machine;
    this.number = number;
    this.name = name;
    this.leader = this;
    this.threads = new ArrayList<>();
    this.space = new AddressSpace();
    this.descriptors = new LinkedHashMap<>();
    this.closed = new ArrayList<>();
    this.memory = new SimulatedMemory(this, false);
    this.ghost = new SimulatedMemory(this, true);
    this.calls = new SimulatedCalls(this);
    threads.add(this);
  }

  /** Another thread of a process. */
  SimulatedProcess(SimulatedMachine machine, int number, String name, SimulatedProcess leader) {
    this.machine = machine;
    this.number = number;
    this.name = name;
    this.leader = leader;
    this.threads = leader.threads;
    this.space = leader.space;
    this.descriptors = leader.descriptors;
    this.closed = leader.closed;
    this.memory = leader.memory;
    this.ghost = leader.ghost;
    this.calls = leader.calls;
    threads.add(this);
  }

  /** The first thread of the process, which stands for all of it; mostly this. */
  SimulatedProcess leader() {
    return leader;
  }

  /** All threads of the process. */
  List<SimulatedProcess> threads() {
    return threads;
  }

  private boolean hasThreads() {
    return threads.size() > 1;
  }

  /** The thread of this process that runs now; this, where nobody can tell or it has no other. */
  SimulatedProcess actor() {
    if (hasThreads()) {
      Thread current = Thread.currentThread();
      for (SimulatedProcess other : threads) {
        if (other.thread == current) {
          return other;
        }
      }
    }
    return this;
  }

  /** The name it was given. */
  public String name() {
    return name;
  }

  /** Its memory: each access to something shared is a step of the simulation. */
  public Memory memory() {
    return memory;
  }

  /**
   * The same memory, for ghost state: what a test keeps about a run and the code under test does
   * not know, such as who may rightly use a block. Its accesses are no steps. They happen together
   * with the step before them, at once and in view of all, whatever order they name; no death comes
   * between.
   *
   * <p>Ghost words are part of the state of the simulation: two runs are taken for the same only if
   * these are equal as well, so a verdict may depend on them (Java objects that processes share are
   * not). They need words of their own. What is read there is not part of what the process has
   * learnt: it may decide what is written there, and whether the process fails, but nothing else.
   */
  public Memory ghost() {
    return ghost;
  }

  /** Its operating system. */
  public SystemCalls calls() {
    return calls;
  }

  /** Memory and system in the form in which {@link dev.rszshm.heap.HeapBuilder} wants them. */
  public Platform platform() {
    return new Platform(memory, calls);
  }

  /**
   * The heap of the simulation, to which the process is attached from the beginning.
   *
   * @throws IllegalStateException if the simulation has none
   */
  public Heap heap() {
    if (leader.heap == null) {
      throw new IllegalStateException(
          "this simulation has no heap: make it with Simulation.ofHeap, or attach with platform()");
    }
    return leader.heap;
  }

  /**
   * The address of a shared word of 8 bytes.
   *
   * @throws IllegalStateException if the simulation has no words
   * @throws IndexOutOfBoundsException if it has no such word
   */
  public long word(int index) {
    if (leader.words == 0) {
      throw new IllegalStateException("this simulation has no words: make it with ofWords");
    }
    Objects.checkIndex(index, leader.wordCount);
    return leader.words + 8L * index;
  }

  /** Chooses a number from 0 up to {@code options - 1}; the simulation tries each. */
  public int choose(int options) {
    if (options < 1 || options > Move.MOST + 1) {
      throw new IllegalArgumentException(
          "a process chooses one of 1 to " + (Move.MOST + 1) + " ways, found " + options);
    }
    requireOwnThread();
    int chosen = machine.director().choose(this, Director.Choice.WAY, options);
    note(chosen);
    return chosen;
  }

  /**
   * Says that a condition must hold here in some run: an exploration, or a run of random schedules,
   * that comes by this name and never finds it true fails when it is over. A green run in which the
   * queue was never full, or nobody ever slept, has tested less than it seems.
   *
   * <p>A state that was met before is not gone into again, so put it where the condition can be
   * told from what the process has read, not from Java objects that others fill.
   */
  public void sometimes(String name, boolean condition) {
    machine.sometimes().note(name, condition);
  }

  /**
   * Makes a call that is recorded, for {@link Scenario#linearizable}. Others may go on before it.
   *
   * @return what the body returned
   */
  public <O, R, T extends @Nullable R> T call(
      HistoryRecorder<O, R> calls, O operation, Supplier<T> body) {
    beforeStep();
    HistoryRecorder.Invocation<O, R> invocation = calls.invoke(name, operation);
    machine.noteEvent(Hash.mix(number, operation.hashCode()));
    afterStep(false);
    T result = body.get();
    invocation.returned(result);
    machine.noteEvent(Hash.mix(number, Objects.hashCode(result)));
    return result;
  }

  /**
   * Says that all the process will do from here on depends on these values only, and not on what it
   * has read before. Loops come to an end by that: a state that was seen is not explored again. A
   * promise that is not kept hides errors. Of a process with several threads, which read what one
   * another left in Java objects, nothing is forgotten before all have ended.
   */
  public void forget(long... state) {
    if (hasThreads() && lives()) {
      return;
    }
    leader.history = 0;
    for (long value : state) {
      note(value);
    }
  }

  SimulatedMachine machine() {
    return machine;
  }

  int number() {
    return number;
  }

  AddressSpace space() {
    return space;
  }

  Status status() {
    return status;
  }

  /** Whether it has neither ended nor been killed: for invariants and checks, not for processes. */
  public boolean isAlive() {
    return status == Status.RUNNABLE || status == Status.SLEEPING;
  }

  /** Whether any of its threads is alive. */
  boolean lives() {
    for (SimulatedProcess other : threads()) {
      if (other.isAlive()) {
        return true;
      }
    }
    return false;
  }

  /** Only this thread may act for the process from now on. */
  void runIn(Thread runner) {
    thread = runner;
  }

  /** Whether it has had a turn. */
  boolean hasBegun() {
    for (SimulatedProcess other : threads()) {
      if (other.thread != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether its death may be noticed: it has files open, or has waited. */
  boolean isKnownToKernel() {
    if (!descriptors.isEmpty()) {
      return true;
    }
    for (SimulatedProcess other : threads()) {
      if (!other.sleep.equals(Sleep.NONE)) {
        return true;
      }
    }
    return false;
  }

  /** Says that it was started because of a death, and attends to nothing else. */
  void becomeRecovery() {
    recovery = true;
  }

  /** Lets all threads of the process stand still, or go on. */
  void stop(boolean standing) {
    threads().forEach(other -> other.stopped = standing);
  }

  boolean isStopped() {
    return stopped;
  }

  boolean isRecovery() {
    return recovery;
  }

  /** Throws unless the process lives, and in this thread. */
  void requireOwnThread() {
    if (status == Status.KILLED) {
      throw killed();
    }
    if (thread != null && Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "process "
              + name
              + " was used by "
              + Thread.currentThread()
              + ": a simulated process has one thread, unless its scenario gives it more. Add a"
              + " process or a thread there");
    }
  }

  /** What unwinds its thread. A thread that does not let itself be unwound is stopped for good. */
  ProcessKilled killed() {
    if (++deaths > MOST_DEATHS) {
      stubborn = true;
      while (true) {
        LockSupport.park(this);
      }
    }
    return ProcessKilled.INSTANCE;
  }

  /** Whether its thread goes on and on after it was killed. */
  boolean isStubborn() {
    return stubborn;
  }

  /** Reads the clock, which goes on while a process does nothing else. */
  long readClock() {
    requireOwnThread();
    if (!observer && ++clockReads > CLOCK_READS) {
      machine.advanceTo(machine.now() + CLOCK_TICK);
    }
    if (machine.processors() > 1 && !observer) {
      machine.advanceTo(machine.now() + CLOCK_READING);
    }
    loop.watchClock();
    note(machine.now());
    return machine.now();
  }

  /** Begins a step that others may see, or that sees others. */
  void beforeStep() {
    beforeLook(Director.NO_LOOK);
  }

  /** Says which word the next step is about. */
  void aim(long place, boolean onlyLooks) {
    nextPlace = place;
    nextOnlyLooks = onlyLooks;
  }

  /** The word that it is about to touch, if it stands before a step that touches one. */
  long nextPlace() {
    return nextPlace;
  }

  boolean nextOnlyLooks() {
    return nextOnlyLooks;
  }

  /** Begins a step that may be a mere look at a place. */
  void beforeLook(long place) {
    if (!observer) {
      requireOwnThread();
      clockReads = 0;
      long call = machine.trust().call();
      goesOnInCall = call != Trust.NO_CALL && call == trustedCall;
      trustedCall = call;
      machine.director().beforeStep(this, place);
      nextPlace = Director.NO_LOOK;
    }
  }

  /** Whether the step at hand is one of code that is trusted. */
  boolean isTrusted() {
    return trustedCall != Trust.NO_CALL;
  }

  /** Whether it belongs to the same call of trusted code as the step before. */
  boolean goesOnInCall() {
    return goesOnInCall;
  }

  /** Ends a step after which others may see a difference, or not. */
  void afterStep(boolean changed) {
    if (!observer) {
      machine.director().afterStep(this, changed);
    }
  }

  /** Ends a step that only looked, at a place, and found something. */
  void afterLook(long place, long found) {
    if (!observer) {
      loop.look(place, found);
      machine.director().afterStep(this, false);
    }
  }

  /** Lets the process look at the world from outside: its steps are none, and it sees all. */
  void observe() {
    observer = true;
  }

  boolean isObserver() {
    return observer;
  }

  /** Adds what the process has learnt to its history. */
  void note(long value) {
    if (hasThreads()) {
      leader.history = Hash.mix(Hash.mix(leader.history, number), value);
    } else {
      history = Hash.mix(history, value);
    }
  }

  long fingerprint() {
    long hash = Hash.mix(leader.history, status.name().hashCode());
    if (loop.isFound()) {
      hash = Hash.mix(hash, 1);
    }
    if (stopped) {
      hash = Hash.mix(hash, 2);
    }
    if (status == Status.SLEEPING) {
      hash = Hash.mix(hash, sleep.fingerprint() + (woken ? 1 : 0));
    }
    return hash;
  }

  WaitingLoop loop() {
    return loop;
  }

  View view() {
    return view;
  }

  View unacquired() {
    return unacquired;
  }

  @Nullable View released() {
    return released;
  }

  void release(View fenced) {
    released = fenced;
  }

  void fallAsleep(Sleep on) {
    sleep = on;
    asleepSince = machine.nextSleep();
    woken = false;
    status = Status.SLEEPING;
  }

  Sleep sleep() {
    return sleep;
  }

  /** When it fell asleep, as a number that grows with each sleep of anybody. */
  long asleepSince() {
    return asleepSince;
  }

  /** Ends a sleep; {@code byOther} says that another process did it. */
  void wake(boolean byOther) {
    woken = byOther;
    status = Status.RUNNABLE;
  }

  boolean wasWoken() {
    return woken;
  }

  int addDescriptor(OpenFile file) {
    int descriptor = leader.nextDescriptor++;
    descriptors.put(descriptor, file);
    return descriptor;
  }

  /** The open file of a descriptor; null if it has none. */
  @Nullable OpenFile descriptor(int descriptor) {
    return descriptors.get(descriptor);
  }

  /** Closes a descriptor. The locks fall with the last use of the open file: its mappings count. */
  void removeDescriptor(int descriptor, OpenFile open) {
    descriptors.remove(descriptor, open);
    closed.add(open);
  }

  /** The open files that have neither a descriptor nor a mapping any more; each is named once. */
  List<OpenFile> unused() {
    List<OpenFile> unused = closed.stream().filter(open -> !space.maps(open)).toList();
    closed.removeAll(unused);
    return unused;
  }

  void setHeap(Heap attached) {
    heap = attached;
  }

  void setWords(long address, int size) {
    words = address;
    wordCount = size;
  }

  /**
   * Ends the process: what it held of the kernel falls, and what it stored stays. A kill ends all
   * of its threads; otherwise this one ends, and the process with the last.
   */
  void end(boolean killed) {
    if (killed) {
      for (SimulatedProcess other : threads()) {
        other.status = other.isAlive() ? Status.KILLED : other.status;
      }
    } else {
      status = Status.ENDED;
    }
    if (lives()) {
      return;
    }
    closed.addAll(descriptors.values());
    for (OpenFile open : closed) {
      if (machine.weakMemory() != null) {
        machine.weakMemory().systemCall(this, open.file);
      }
      open.dropLocks();
    }
    closed.clear();
    descriptors.clear();
  }

  /** Ends the thread of a process whose simulation is over. */
  void abandon() {
    status = Status.KILLED;
  }

  @Override
  public String toString() {
    return name;
  }
}
