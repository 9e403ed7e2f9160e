package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.HeapBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs processes of a simulated machine in every order, or in many: they hand over at each access
 * to shared memory and at each system call, and any of them may be killed at any of these.
 *
 * <pre>{@code
 * Simulation.ofWords(1)
 *     .scenario(s -> s
 *         .process("one", p -> p.memory().getAndAddLong(p.word(0), 1))
 *         .process("two", p -> p.memory().getAndAddLong(p.word(0), 1))
 *         .check(p -> assertEquals(2, p.memory().getLong(p.word(0)))))
 *     .explore();
 * }</pre>
 *
 * <p>A simulation is not changed by its methods: each returns another. One thread uses it at a
 * time. What a run fails with is a {@link ScheduleFailure}, whose message says how to repeat it.
 */
public final class Simulation {
  private final Supplier<World> world;
  private final ProcessBody setUp;
  private final Consumer<Scenario> scenario;
  private final Bounds bounds;

  /** Is asked when runs begin. */
  private final Supplier<ProgressWatch.Listening> listening;

  private Simulation(
      Supplier<World> world,
      ProcessBody setUp,
      Consumer<Scenario> scenario,
      Bounds bounds,
      Supplier<ProgressWatch.Listening> listening) {
    this.world = world;
    this.setUp = setUp;
    this.scenario = scenario;
    this.bounds = bounds;
    this.listening = listening;
  }

  private static Simulation of(Supplier<World> world) {
    return new Simulation(
        world, p -> {}, s -> {}, Bounds.DEFAULT, ProgressWatch.Listening::byProperty);
  }

  /** Begins a simulation whose processes share so many words of 8 bytes, zero at first. */
  public static Simulation ofWords(int size) {
    World.requireSize(size);
    return of(() -> World.ofWords(size));
  }

  /**
   * Begins a simulation whose processes are attached to a heap.
   *
   * @param builder makes builders with the settings of the heap and its attachments
   */
  public static Simulation ofHeap(Supplier<HeapBuilder> builder) {
    return of(() -> World.ofHeap(builder));
  }

  /** Begins a simulation whose processes have {@link SimulatedProcess#platform} and no more. */
  public static Simulation ofMachine() {
    return of(World::ofMachine);
  }

  /** Sets what a first process does, before all others and only once. */
  public Simulation setUp(ProcessBody body) {
    return new Simulation(world, Objects.requireNonNull(body), scenario, bounds, listening);
  }

  /** Sets what happens in a run; called anew for each. */
  public Simulation scenario(Consumer<Scenario> teller) {
    return new Simulation(world, setUp, Objects.requireNonNull(teller), bounds, listening);
  }

  /** Sets how far to go; {@link Bounds#DEFAULT} otherwise. */
  public Simulation bounds(Bounds other) {
    return new Simulation(world, setUp, scenario, Objects.requireNonNull(other), listening);
  }

  /** How far it goes. */
  public Bounds bounds() {
    return bounds;
  }

  /** Sets how many preemptions there may be in a run. */
  public Simulation preemptions(int number) {
    return bounds(bounds.preemptions(number));
  }

  /** Sets how many processes may be killed in a run. */
  public Simulation kills(int number) {
    return bounds(bounds.kills(number));
  }

  /** Sets how many loads of a run may get an older value, where their order allows that. */
  public Simulation staleLoads(int number) {
    return bounds(bounds.staleLoads(number));
  }

  /** Sets how many steps a copy or a fill has at most; {@link Bounds#bulkSteps} says more. */
  public Simulation bulkSteps(int number) {
    return bounds(bounds.bulkSteps(number));
  }

  /**
   * Sets how many processes may be stopped in a run, at any of their steps, until all others have
   * ended. These must end all the same: within two simulated minutes after the last change, or as
   * soon as the test requires. {@linkplain Scenario#survivor Survivors} are not stopped.
   */
  public Simulation stops(int number) {
    return bounds(bounds.stops(number));
  }

  /** Sets how often a loop looks in vain before it stands; {@link Bounds#looks} says more. */
  public Simulation looks(int number) {
    return bounds(bounds.looks(number));
  }

  /**
   * Sets how many processors the machine says it has; one unless told otherwise, so that nothing
   * spins. With more, code that spins only then does, and a look at the clock takes a microsecond.
   */
  public Simulation processors(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("a machine has at least one processor, found " + number);
    }
    return made(made -> made.machine().equip(number));
  }

  /**
   * Takes code as right: each call of these classes, of those nested in them, and of all that they
   * call in turn, is one step, however many accesses it makes. {@code trusting(Allocator.class)}
   * explores a structure that allocates, and not the allocator.
   *
   * <p>What is then not explored any more: switches, deaths, stops and older values in the midst of
   * such a call, what others see of a call that is half done, what recovers from it, and two calls
   * at the same time. Before and after a call all of that happens as before. A call that sleeps, or
   * looks in vain for as often as the bound allows, lets others go on there, since it may wait for
   * them. Consecutive calls from one place, as in a loop that does nothing else, count as one. An
   * invariant is checked when the call is over, and a replay of crashes kills before and after it.
   * Steps cost more time, as the stack is looked at in each.
   *
   * @param classes whose code is trusted, besides what is already
   */
  public Simulation trusting(Class<?>... classes) {
    List<Class<?>> all = List.of(classes);
    return made(made -> made.machine().trust(made.machine().trust().and(all)));
  }

  /**
   * Takes the code of whole packages, and of those below them, as right, as {@link #trusting} does:
   * {@code trustingPackages("dev.rszshm.allocator")} has the allocator with its managed references.
   */
  public Simulation trustingPackages(String... names) {
    List<String> all = List.of(names);
    return made(made -> made.machine().trust(made.machine().trust().andPackages(all)));
  }

  private Simulation made(Consumer<World> change) {
    return new Simulation(
        () -> {
          World made = world.get();
          change.accept(made);
          return made;
        },
        setUp,
        scenario,
        bounds,
        listening);
  }

  /**
   * Sets who hears how far an exploration, random schedules or a replay of crashes have got:
   * between two runs, when so much time has gone by since the last time. It is called on a thread
   * that runs schedules, and by one at a time; what it throws ends the exploration. Without a
   * listener nobody hears anything, unless the system property {@code dev.rszshm.progress} is a
   * number of seconds: then a line is printed to {@link System#err} that often.
   */
  public Simulation onProgress(Duration every, Consumer<Progress> listener) {
    ProgressWatch.Listening chosen =
        new ProgressWatch.Listening(
            Objects.requireNonNull(every), Objects.requireNonNull(listener));
    return new Simulation(world, setUp, scenario, bounds, () -> chosen);
  }

  /**
   * Has the schedule of each run written to a file, each move before it is made: if the JVM is
   * killed, or a run does not come back, {@link Schedule#ofFile} reads what {@link #replay}
   * repeats, which then goes on by itself.
   */
  public Simulation keepingScheduleIn(Path file) {
    return made(made -> made.machine().keepSchedule(new ScheduleFile(file)));
  }

  /**
   * Runs every schedule within the bounds: first those without a preemption, then those with one,
   * and so on, so that what it finds is found with the fewest.
   *
   * @throws ScheduleFailure if one of them fails
   * @throws AssertionError if what must {@linkplain SimulatedProcess#sometimes sometimes} hold
   *     never did
   * @throws IllegalStateException if the code under test is seen not to be deterministic
   */
  public Exploration explore() {
    return explore(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Explores as {@link #explore()} does, and begins no other run once the time is over: the result
   * is then {@linkplain Exploration#complete not complete} and says how many schedules were run,
   * and with how many preemptions the last of them. At least one is. What must sometimes hold is
   * not required of an exploration cut off by the time.
   */
  public Exploration explore(Duration limit) {
    long most = TimeUnit.NANOSECONDS.convert(limit); // which saturates
    boolean late = false;
    try (Runs runs = new Runs(world.get(), setUp, scenario, bounds)) {
      ProgressWatch progress = new ProgressWatch(listening.get());
      long start = System.nanoTime();
      long states = 0;
      boolean complete = true;
      boolean restricted = true;
      int preemptions = bounds.preemptions() == Bounds.UNLIMITED ? Bounds.UNLIMITED : 0;
      while (true) {
        ExhaustiveStrategy all = new ExhaustiveStrategy(bounds, preemptions);
        do {
          late = runs.size() > 0 && System.nanoTime() - start >= most;
          if (late || runs.size() == bounds.schedules()) {
            complete = false;
            break;
          }
          Execution run = runs.requireSuccess(runs.run(all), "");
          progress.ran(run.steps(), all.states(), preemptions, run.moves());
        } while (all.next());

        states = all.states();
        restricted = all.isRestricted();
        if (!complete || !restricted || preemptions == bounds.preemptions()) {
          break;
        }
        preemptions++;
      }
      if (!late) {
        runs.requireAllThatIsWanted();
      }
      long nanos = System.nanoTime() - start;
      Bounds reached = complete ? bounds : bounds.preemptions(preemptions);
      return new Exploration(
          runs.size(), runs.accesses(), states, reached, complete, complete && !restricted, nanos);
    }
  }

  /**
   * Runs so many random schedules within the bounds, with priorities that change at random steps
   * ({@link Sampling#PRIORITIES}).
   *
   * @param seed the same seed gives the same schedules
   * @throws ScheduleFailure if one of them fails
   */
  public Exploration random(long seed, long schedules) {
    return random(Sampling.PRIORITIES, seed, schedules);
  }

  /**
   * Runs so many random schedules within the bounds. The first is the ordinary one, which shows how
   * long a run is.
   *
   * @param seed the same seed gives the same schedules
   * @throws ScheduleFailure if one of them fails
   * @throws AssertionError if what must {@linkplain SimulatedProcess#sometimes sometimes} hold
   *     never did
   */
  public Exploration random(Sampling sampling, long seed, long schedules) {
    return random(sampling, seed, schedules, 1);
  }

  /**
   * Runs so many random schedules on several threads, each with a machine of its own. Which of
   * those that fail is reported first is left to chance; the schedule that it names is not. The
   * scenario is told on all threads at once: what it captures beside the objects of a run must
   * stand that.
   *
   * @param threads how many, such as {@link Runtime#availableProcessors()}
   */
  public Exploration random(Sampling sampling, long seed, long schedules, int threads) {
    return new RandomRuns(
            seed, schedules, sampling, bounds, threads, new ProgressWatch(listening.get()))
        .run(sometimes -> new Runs(world.get(), setUp, scenario, bounds, sometimes));
  }

  /**
   * Begins a replay of crashes: the processes run one after the other, and are killed at each of
   * their stores.
   */
  public CrashReplay crashes() {
    return new CrashReplay(world, setUp, scenario, bounds, listening);
  }

  /**
   * Runs one schedule, exactly.
   *
   * @param schedule the text of a schedule, as a failure shows it
   * @throws ScheduleFailure if it fails
   * @throws IllegalArgumentException if it does not fit
   */
  public Schedule replay(String schedule) {
    try (Runs runs = new Runs(world.get(), setUp, scenario, bounds)) {
      Schedule wanted = Schedule.parse(schedule);
      Execution run = runs.run(new ReplayStrategy(wanted, true));
      return runs.requireSuccessAsItIs(run).schedule();
    }
  }

  /**
   * Runs the schedule that departs from the ordinary at these points. This is how a generator of
   * test cases brings schedules of its own; see {@link Interruption}.
   *
   * @throws ScheduleFailure if it fails
   */
  public Schedule interrupted(List<Interruption> interruptions) {
    try (Runs runs = new Runs(world.get(), setUp, scenario, bounds)) {
      Execution run = runs.run(new InterruptedStrategy(List.copyOf(interruptions)));
      return runs.requireSuccessAsItIs(run).schedule();
    }
  }
}
