package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine that exists in the memory of a test only: files, processes, a clock. Everything in it
 * is determined by what its processes do and in which order, so the same order gives the same
 * outcome.
 *
 * <p>One thread at a time.
 */
final class SimulatedMachine {
  private final Map<String, SimulatedFile> names = new LinkedHashMap<>();
  private final List<SimulatedFile> files = new ArrayList<>();
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private Map<String, SimulatedFile> keptNames = Map.of();
  private int keptFiles;
  private Director director = new Immediate();
  private @Nullable WeakMemory weak;
  private @Nullable Tracer tracer;
  private @Nullable StoreLog log;
  private int bulkSteps = Bounds.UNLIMITED;
  private Sometimes sometimes = new Sometimes();
  private @Nullable ScheduleFile scheduleFile;
  private int processors = 1;
  private Trust trust = Trust.NONE;
  private long sleeps;
  private long clock;
  private long randomState;
  private long eventHash;

  /** Starts a process that has not done anything yet. */
  SimulatedProcess start(String name) {
    SimulatedProcess process = new SimulatedProcess(this, processes.size(), name);
    processes.add(process);
    return process;
  }

  /** Starts another thread of a process. */
  SimulatedProcess startThread(SimulatedProcess leader, String name) {
    SimulatedProcess thread = new SimulatedProcess(this, processes.size(), name, leader);
    processes.add(thread);
    return thread;
  }

  /** What must hold in some run. */
  Sometimes sometimes() {
    return sometimes;
  }

  void expect(Sometimes other) {
    sometimes = other;
  }

  /** Where the moves of a run are kept; null if nowhere. */
  @Nullable ScheduleFile scheduleFile() {
    return scheduleFile;
  }

  void keepSchedule(ScheduleFile file) {
    scheduleFile = file;
  }

  /** Whose calls are one step each. */
  Trust trust() {
    return trust;
  }

  void trust(Trust other) {
    trust = other;
  }

  /** How many processors it has. */
  int processors() {
    return processors;
  }

  void equip(int number) {
    processors = number;
  }

  /** A number for somebody who falls asleep: later ones get larger numbers. */
  long nextSleep() {
    return ++sleeps;
  }

  List<SimulatedProcess> processes() {
    return processes;
  }

  Director director() {
    return director;
  }

  void direct(Director other) {
    director = other;
  }

  /** What processes may see of each other; null if everybody sees the last store at once. */
  @Nullable WeakMemory weakMemory() {
    return weak;
  }

  void weaken() {
    weak = new WeakMemory();
  }

  /** How many steps a copy has at most. */
  int bulkSteps() {
    return bulkSteps;
  }

  void divideCopies(int steps) {
    bulkSteps = steps;
  }

  /** Who is told of each step in words; null if nobody is. */
  @Nullable Tracer tracer() {
    return tracer;
  }

  void trace(@Nullable Tracer other) {
    tracer = other;
  }

  /** What notes stores that may still be lost; null if nobody asks. */
  @Nullable StoreLog log() {
    return log;
  }

  void log(@Nullable StoreLog other) {
    log = other;
  }

  /** Nanoseconds since the machine was made. */
  long now() {
    return clock;
  }

  void advanceTo(long time) {
    clock = Math.max(clock, time);
  }

  /** The same numbers in the same order, each time. */
  long random() {
    randomState++;
    return Hash.mix(0x5eed, randomState);
  }

  SimulatedFile createFile(SimulatedFile.Kind kind) {
    SimulatedFile file = new SimulatedFile(files.size() + 1L, kind);
    files.add(file);
    return file;
  }

  Map<String, SimulatedFile> names() {
    return names;
  }

  List<SimulatedFile> files() {
    return files;
  }

  /** Names a place for people: the name of the file and the offset in it. */
  String place(SimulatedFile file, long offset) {
    for (Map.Entry<String, SimulatedFile> name : names.entrySet()) {
      if (name.getValue() == file) {
        return name.getKey() + "+0x" + Long.toHexString(offset);
      }
    }
    return "unnamed file " + file.inode + "+0x" + Long.toHexString(offset);
  }

  /** Notes that something happened now, where the order among all processes matters. */
  void noteEvent(long event) {
    eventHash = Hash.mix(eventHash, event);
  }

  /** Makes the content of the files what each {@link #reset} goes back to. */
  void keep() {
    names.values().forEach(SimulatedFile::keep);
    keptNames = new LinkedHashMap<>(names);
    files.retainAll(names.values());
    keptFiles = files.size();
  }

  /** Goes back to what was kept: no processes, no locks, no time has passed. */
  void reset() {
    names.clear();
    names.putAll(keptNames);
    files.subList(keptFiles, files.size()).clear();
    files.forEach(SimulatedFile::reset);
    processes.clear();
    director = new Immediate();
    weak = null;
    log = null;
    bulkSteps = Bounds.UNLIMITED;
    sleeps = 0;
    clock = 0;
    randomState = 0;
    eventHash = 0;
  }

  /**
   * A number that tells states apart: two histories that end with the same number end, as good as
   * surely, in states from which the same can happen. The local state of a process is a function of
   * what it has read, so what it has read stands for it.
   */
  long fingerprint() {
    long hash = Hash.mix(eventHash, clock);
    hash = Hash.mix(hash, randomState);
    if (weak != null) {
      hash = Hash.mix(hash, weak.fingerprint());
    }
    for (SimulatedFile file : files) {
      hash = Hash.mix(hash, file.fingerprint());
    }
    for (Map.Entry<String, SimulatedFile> name : names.entrySet()) {
      hash = Hash.mix(hash, name.getKey().hashCode() * 31L + name.getValue().inode);
    }
    for (SimulatedProcess process : processes) {
      hash = Hash.mix(hash, process.fingerprint());
    }
    return hash;
  }
}
