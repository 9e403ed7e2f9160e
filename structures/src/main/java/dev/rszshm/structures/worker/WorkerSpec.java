package dev.rszshm.structures.worker;

import dev.rszshm.structures.internal.worker.JavaOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a worker runs, and in what JVM.
 *
 * <pre>{@code
 * WorkerSpec.of(Indexer.class)
 *     .withArguments(heap.path().toString(), "3")
 *     .withMaximumHeap(256L << 20)
 *     .withOutput(WorkerOutput.toStreams())
 * }</pre>
 *
 * <p>Without more it runs in the JDK of this JVM, with its class path and its module path, in its
 * directory and its environment, with the JVM's own defaults except that the collector is the
 * serial one, which starts fastest. Immutable: each {@code with…} method returns another
 * specification.
 */
public final class WorkerSpec {
  private final Entry entry;
  private final String name;
  private final List<String> arguments;
  private final WorkerOutput output;
  private final boolean outlives;
  private final Optional<Path> workingDirectory;

  /** An empty value takes a variable away. */
  private final Map<String, Optional<String>> environment;

  private final JavaOptions java;

  /** What is run: a body, or the main method of a class. */
  record Entry(String className, boolean isMain) {}

  private WorkerSpec(
      Entry entry,
      String name,
      List<String> arguments,
      WorkerOutput output,
      boolean outlives,
      Optional<Path> workingDirectory,
      Map<String, Optional<String>> environment,
      JavaOptions java) {
    this.entry = entry;
    this.name = name;
    this.arguments = arguments;
    this.output = output;
    this.outlives = outlives;
    this.workingDirectory = workingDirectory;
    this.environment = environment;
    this.java = java;
  }

  private static WorkerSpec of(Entry entry) {
    return new WorkerSpec(
        entry,
        "worker",
        List.of(),
        WorkerOutput.toStreams(),
        false,
        Optional.empty(),
        Map.of(),
        JavaOptions.ofThisJvm());
  }

  /** Returns a worker that runs a body. */
  public static WorkerSpec of(Class<? extends WorkerBody> body) {
    return ofBody(body.getName());
  }

  /** Returns a worker that runs the body of a name, which may be unknown to this process. */
  public static WorkerSpec ofBody(String className) {
    return of(new Entry(Objects.requireNonNull(className), false));
  }

  /** Returns a worker that runs the main method of a class; it is ready when that begins. */
  public static WorkerSpec ofMain(String className) {
    return of(new Entry(Objects.requireNonNull(className), true));
  }

  /** Returns one with a name, which stands before its lines; "worker" by default. */
  public WorkerSpec withName(String newName) {
    return copy(newName, arguments, output, outlives, workingDirectory, environment, java);
  }

  /** Returns one that is told these arguments. They may be of any length and any characters. */
  public WorkerSpec withArguments(String... newArguments) {
    return withArguments(List.of(newArguments));
  }

  /** Returns one that is told these arguments. */
  public WorkerSpec withArguments(List<String> newArguments) {
    return copy(
        name, List.copyOf(newArguments), output, outlives, workingDirectory, environment, java);
  }

  /** Returns one whose output goes elsewhere; {@link WorkerOutput#toStreams} by default. */
  public WorkerSpec withOutput(WorkerOutput newOutput) {
    return copy(
        name,
        arguments,
        Objects.requireNonNull(newOutput),
        outlives,
        workingDirectory,
        environment,
        java);
  }

  /**
   * Returns one that goes on when its starter ends, or ends with it, as by default. What it writes
   * then is lost unless it goes to a {@linkplain WorkerOutput#toFile file}.
   */
  public WorkerSpec outlives(boolean newOutlives) {
    return copy(name, arguments, output, newOutlives, workingDirectory, environment, java);
  }

  /** Returns one that runs in a directory. */
  public WorkerSpec withWorkingDirectory(Path directory) {
    return copy(
        name,
        arguments,
        output,
        outlives,
        Optional.of(directory.toAbsolutePath()),
        environment,
        java);
  }

  /** Returns one with a variable of the environment, beside those of this process. */
  public WorkerSpec withEnvironment(String variable, String value) {
    return withVariable(variable, Optional.of(value));
  }

  /** Returns one without a variable of the environment of this process. */
  public WorkerSpec withoutEnvironment(String variable) {
    return withVariable(variable, Optional.empty());
  }

  private WorkerSpec withVariable(String variable, Optional<String> value) {
    Map<String, Optional<String>> more = new TreeMap<>(environment);
    more.put(variable, value);
    return copy(name, arguments, output, outlives, workingDirectory, Map.copyOf(more), java);
  }

  /**
   * Returns one whose JVM takes so many bytes at most for its objects, as {@code -Xmx} does.
   *
   * @throws IllegalArgumentException if that is less than 2 MiB, which no JVM accepts
   */
  public WorkerSpec withMaximumHeap(long bytes) {
    return withJava(java.withMaximumHeap(bytes));
  }

  /** Returns one with more JVM flags, after those that it has. */
  public WorkerSpec withJvmFlags(String... flags) {
    List<String> all = new ArrayList<>(java.flags());
    all.addAll(List.of(flags));
    return withJava(java.withFlags(all));
  }

  /** Returns one with a system property. */
  public WorkerSpec withSystemProperty(String key, String value) {
    return withJvmFlags("-D" + key + "=" + value);
  }

  /** Returns one with another class path. It has to have rszshm on it. */
  public WorkerSpec withClassPath(String classPath) {
    return withJava(java.withClassPath(classPath));
  }

  /** Returns one with another module path; an empty one for none. */
  public WorkerSpec withModulePath(String modulePath) {
    return withJava(java.withModulePath(modulePath));
  }

  /** Returns one in another JDK. */
  public WorkerSpec withJavaHome(Path home) {
    return withJava(java.withHome(home));
  }

  /**
   * Returns one that finds what makes it start fast in another directory, or leaves it there for
   * the next. By default that is {@code rszshm} in {@code $XDG_CACHE_HOME} or {@code ~/.cache}, or
   * what the system property {@code dev.rszshm.worker.cache} says: a directory, or {@code off}. A
   * directory that others can write is not used.
   */
  public WorkerSpec withStartCache(Path directory) {
    return withJava(java.withCache(directory.toAbsolutePath().toString()));
  }

  /** Returns one that starts without what an earlier one has left, and leaves nothing. */
  public WorkerSpec withoutStartCache() {
    return withJava(java.withCache("off"));
  }

  private WorkerSpec withJava(JavaOptions newJava) {
    return copy(name, arguments, output, outlives, workingDirectory, environment, newJava);
  }

  private WorkerSpec copy(
      String newName,
      List<String> newArguments,
      WorkerOutput newOutput,
      boolean newOutlives,
      Optional<Path> newWorkingDirectory,
      Map<String, Optional<String>> newEnvironment,
      JavaOptions newJava) {
    return new WorkerSpec(
        entry,
        Objects.requireNonNull(newName),
        newArguments,
        newOutput,
        newOutlives,
        newWorkingDirectory,
        newEnvironment,
        newJava);
  }

  Entry entry() {
    return entry;
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns the arguments. */
  public List<String> arguments() {
    return arguments;
  }

  WorkerOutput output() {
    return output;
  }

  boolean outlives() {
    return outlives;
  }

  Optional<Path> workingDirectory() {
    return workingDirectory;
  }

  Map<String, Optional<String>> environment() {
    return environment;
  }

  JavaOptions java() {
    return java;
  }
}
