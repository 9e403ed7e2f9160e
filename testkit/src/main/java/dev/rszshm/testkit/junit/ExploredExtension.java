package dev.rszshm.testkit.junit;

import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.Simulation;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Explores the scenario that a method with {@link Explored} tells. */
final class ExploredExtension implements TestTemplateInvocationContextProvider {
  private static final String DIRECTORY = "dev.rszshm.schedules";

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), Explored.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(new Once());
  }

  /** The test is one: its runs are not listed. */
  private static final class Once implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return "in every order";
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Explorer());
    }
  }

  /** Takes the place of the call of the method. */
  private static final class Explorer implements InvocationInterceptor, ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Scenario.class;
    }

    /** None for the one call that JUnit prepares; each run has its own. */
    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return null;
    }

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> call,
        ExtensionContext context)
        throws Throwable {
      invocation.skip();
      Method teller = call.getExecutable();
      if (teller.getParameterCount() != 1) {
        throw wrong(
            teller,
            "has " + teller.getParameterCount() + " parameters, expected one: a" + " Scenario");
      }
      explore(teller, context.getRequiredTestInstance(), context);
    }

    private static void explore(Method teller, Object test, ExtensionContext context)
        throws IOException {
      Explored explored = AnnotationSupport.findAnnotation(teller, Explored.class).orElseThrow();
      Path file = file(teller);
      Simulation simulation =
          bounded(simulation(explored, teller, test), explored)
              .scenario(scenario -> call(teller, test, scenario));
      if (!explored.replay().isEmpty()) {
        context.publishReportEntry("schedule", simulation.replay(explored.replay()).toString());
        return;
      }
      Exploration exploration = explore(simulation, file);
      context.publishReportEntry("exploration", exploration.toString());
      if (!exploration.complete()) {
        throw new AssertionError("not explored to the end: " + exploration);
      }
    }

    private static Exploration explore(Simulation simulation, Path file) throws IOException {
      Exploration exploration;
      try {
        exploration = simulation.keepingScheduleIn(file).explore();
      } catch (ScheduleFailure e) {
        // The runs that made it simpler and told of it came last: the file has the simplest.
        Files.writeString(trace(file), e.fullTrace());
        e.addSuppressed(new ScheduleKept(file));
        throw e;
      }
      Files.deleteIfExists(file);
      Files.deleteIfExists(trace(file));
      return exploration;
    }

    private static Path trace(Path file) {
      return file.resolveSibling(file.getFileName() + ".trace");
    }

    private static Path file(Method teller) throws IOException {
      Path directory = Path.of(System.getProperty(DIRECTORY, "target/schedules"));
      Files.createDirectories(directory);
      return directory.resolve(teller.getDeclaringClass().getName() + "." + teller.getName());
    }

    private static Simulation simulation(Explored explored, Method teller, Object test) {
      if (explored.of().isEmpty()) {
        return Simulation.ofWords(explored.words());
      }
      List<Method> found =
          ReflectionSupport.findMethods(
              test.getClass(),
              method -> method.getName().equals(explored.of()) && method.getParameterCount() == 0,
              HierarchyTraversalMode.BOTTOM_UP);
      if (found.isEmpty() || found.get(0).getReturnType() != Simulation.class) {
        throw wrong(
            teller,
            "names the method "
                + explored.of()
                + ", but "
                + test.getClass().getName()
                + " has none of that name that has no parameters and returns a Simulation");
      }
      return (Simulation) ReflectionSupport.invokeMethod(found.get(0), test);
    }

    private static Simulation bounded(Simulation simulation, Explored explored) {
      Simulation bounded = set(simulation, explored.preemptions(), simulation::preemptions);
      bounded = set(bounded, explored.kills(), bounded::kills);
      bounded = set(bounded, explored.staleLoads(), bounded::staleLoads);
      return set(bounded, explored.stops(), bounded::stops);
    }

    private static Simulation set(
        Simulation simulation, int bound, IntFunction<Simulation> change) {
      return bound == Explored.AS_IT_IS ? simulation : change.apply(bound);
    }

    private static void call(Method teller, Object test, Scenario scenario) {
      ReflectionSupport.invokeMethod(teller, test, scenario);
    }

    private static ExtensionConfigurationException wrong(Method teller, String what) {
      return new ExtensionConfigurationException("@Explored " + teller.getName() + " " + what);
    }
  }

  /** Says where a schedule is. */
  private static final class ScheduleKept extends Exception {
    private static final long serialVersionUID = 1L;

    ScheduleKept(Path file) {
      super(
          "the schedule is in "
              + file.toAbsolutePath()
              + ", each of its steps in "
              + Explorer.trace(file).getFileName(),
          null,
          false,
          false);
    }
  }
}
