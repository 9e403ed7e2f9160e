package dev.rszshm.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What messages between two processes cost, beside other rings and pipes. */
final class ChannelBenchmark implements Benchmark {
  private static final String SLOTS = MessageLink.SLOTS;
  private static final String SLOTS_SPINNING = MessageLink.SLOTS_SPINNING;
  private static final String STREAM = MessageLink.STREAM;
  private static final List<String> OURS =
      List.of(
          SLOTS_SPINNING,
          MessageLink.STREAM_SPINNING,
          SLOTS,
          STREAM,
          MessageLink.SLOTS_IN_PLACE,
          MessageLink.STREAM_IN_PLACE);
  private static final List<String> SINGLE =
      List.of(
          MessageLink.SINGLE_SPINNING,
          MessageLink.SINGLE_STREAM_SPINNING,
          MessageLink.SINGLE,
          MessageLink.SINGLE_IN_PLACE);
  private static final String ONE_TO_ONE = MessageLink.AGRONA_ONE_TO_ONE;
  private static final String MANY_TO_ONE = MessageLink.AGRONA_MANY_TO_ONE;
  private static final String PIPE_OF_C = "pipe, C";
  private static final String MEMCPY = "memcpy, C";
  private static final String COPY = "Heap.copy";

  private static final List<LapFigure> MEAN = List.of(LapFigure.MEAN);
  private static final List<LapFigure> LATENCY = List.of(LapFigure.P50, LapFigure.P99);
  private static final long LINKS = 2L * MessageLink.LENGTH;

  @Override
  public String name() {
    return "channels";
  }

  @Override
  public String run(Options options) throws Exception {
    List<String> works = options.words("--work");
    ContestTables tables = new ContestTables();
    for (Contest contest : contests(Project.channelProgram())) {
      if (works.isEmpty() || works.contains(contest.setting().work())) {
        only(options.only(), contest).run(options, tables);
      }
    }
    return tables.toString();
  }

  /** Of our kinds those whose name contains something, and all others. */
  private static Contest only(String text, Contest contest) {
    List<Contestant> left =
        contest.contestants().stream()
            .filter(c -> !c.name().startsWith("Channel") || c.name().contains(text))
            .toList();
    List<String> names = left.stream().map(Contestant::name).toList();
    return new Contest(
        contest.setting(),
        contest.figures(),
        left,
        contest.goals().stream().filter(goal -> names.contains(goal.ours())).toList());
  }

  private static List<Contest> contests(Path program) {
    Contestant pipeOfC = Contestant.c(PIPE_OF_C, program);
    Contestant pipe = link(MessageLink.PIPE);
    return List.of(
        oneWay(32, 1_000_000),
        oneWay(256, 500_000),
        oneThread(32),
        oneThread(256),
        new Contest(
            LapSetting.pair("round-trip", Placement.APART, 3_000),
            LATENCY,
            List.of(link(SLOTS_SPINNING), link(SLOTS), link(ONE_TO_ONE), pipeOfC, pipe),
            List.of(
                Goal.within(LapFigure.P50, SLOTS_SPINNING, 1000),
                new Goal(LapFigure.P50, SLOTS_SPINNING, ONE_TO_ONE, 0),
                new Goal(LapFigure.P99, SLOTS_SPINNING, ONE_TO_ONE, 0),
                new Goal(LapFigure.P50, SLOTS, PIPE_OF_C, 1.2),
                new Goal(LapFigure.P99, SLOTS, PIPE_OF_C, 0))),
        new Contest(
            LapSetting.pair("round-trip", Placement.TOGETHER, 10_000),
            LATENCY,
            List.of(link(SLOTS), pipeOfC, pipe),
            List.of(
                new Goal(LapFigure.P50, SLOTS, PIPE_OF_C, 1.2),
                new Goal(LapFigure.P99, SLOTS, PIPE_OF_C, 0),
                new Goal(LapFigure.P50, SLOTS, MessageLink.PIPE, 0))),
        new Contest(
            LapSetting.pair("transfer", Placement.APART, 100),
            MEAN,
            List.of(bulk(STREAM), bulk(ONE_TO_ONE), copyOfC(program), copyOfJava()),
            List.of(
                Goal.of(STREAM, MEMCPY, 1.25),
                Goal.of(STREAM, COPY, 0),
                Goal.of(STREAM, ONE_TO_ONE, 0))));
  }

  private static Contest oneWay(int length, int messages) {
    List<Goal> goals = new ArrayList<>();
    for (String ours : OURS) {
      goals.add(Goal.of(ours, ONE_TO_ONE, 1));
      goals.add(Goal.of(ours, MANY_TO_ONE, 1));
    }
    List<Contestant> contestants = new ArrayList<>();
    for (String ours : SINGLE) {
      goals.add(Goal.of(ours, ONE_TO_ONE, 1));
      contestants.add(link(ours));
    }
    OURS.forEach(kind -> contestants.add(link(kind)));
    contestants.add(link(ONE_TO_ONE));
    contestants.add(link(MANY_TO_ONE));
    return new Contest(
        LapSetting.pair("one-way-" + length, Placement.APART, messages), MEAN, contestants, goals);
  }

  private static Contest oneThread(int length) {
    List<String> single = List.of(MessageLink.SINGLE_SPINNING, MessageLink.SINGLE_STREAM_SPINNING);
    List<String> any =
        List.of(SLOTS_SPINNING, MessageLink.STREAM_SPINNING, MessageLink.SLOTS_IN_PLACE);
    List<Contestant> contestants = new ArrayList<>();
    List<Goal> goals = new ArrayList<>();
    for (String ours : single) {
      contestants.add(link(ours));
      goals.add(Goal.of(ours, ONE_TO_ONE, 0));
    }
    for (String ours : any) {
      contestants.add(link(ours));
      goals.add(Goal.of(ours, MANY_TO_ONE, 0));
    }
    contestants.add(link(ONE_TO_ONE));
    contestants.add(link(MANY_TO_ONE));
    return new Contest(LapSetting.alone("one-thread-" + length, 102_400), MEAN, contestants, goals);
  }

  private static Contestant link(String kind) {
    return Contestant.java(kind, kind, LINKS, MessageLink.flags(kind));
  }

  private static Contestant bulk(String kind) {
    return new Contestant(
        kind, s -> new JavaLaps(kind, s, LINKS + bulkLength(s), MessageLink.flags(kind)));
  }

  private static Contestant copyOfJava() {
    return new Contestant(
        COPY, s -> new JavaLaps(COPY, alone(s), LINKS + bulkLength(s), List.of()));
  }

  private static Contestant copyOfC(Path program) {
    return new Contestant(MEMCPY, s -> new CLaps(program, alone(s)));
  }

  /** The same bytes, copied by one. */
  private static LapSetting alone(LapSetting setting) {
    return LapSetting.alone("copy", setting.operations());
  }

  private static long bulkLength(LapSetting setting) {
    return 2L * setting.operations() * ChannelWorks.BLOCK;
  }
}
