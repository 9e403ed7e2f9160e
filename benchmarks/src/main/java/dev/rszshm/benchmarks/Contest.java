package dev.rszshm.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A work that several do in turn, all of them alive and asleep while one of them works.
 *
 * @param setting with the number of operations unless the options say another
 * @param figures what is taken from each lap
 * @param contestants who
 * @param goals what is wanted of them
 */
record Contest(
    LapSetting setting, List<LapFigure> figures, List<Contestant> contestants, List<Goal> goals) {
  private static final int WARMUP = 10;
  private static final int ROUNDS = 15;

  /** Measures, and adds what was found to tables. */
  void run(Options options, ContestTables tables) throws Exception {
    LapSetting asked = setting.with(options.count("--operations", setting.operations()));
    List<LapGroup> groups = new ArrayList<>();
    try {
      for (Contestant contestant : contestants) {
        groups.add(contestant.start().start(asked));
      }
      for (int i = 0; i < options.count("--warmup", WARMUP); i++) {
        for (LapGroup group : groups) {
          group.lap();
        }
      }
      add(measure(groups, options.count("--rounds", ROUNDS)), tables);
    } finally {
      for (LapGroup group : groups) {
        group.close();
      }
    }
  }

  /** The rounds of each figure. */
  private List<Rounds> measure(List<LapGroup> groups, int rounds) throws Exception {
    double[][][] values = new double[figures.size()][groups.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < groups.size(); i++) {
        Lap lap = groups.get(i).lap();
        for (int figure = 0; figure < figures.size(); figure++) {
          values[figure][i][round] = figures.get(figure).of(groups.get(i), lap);
        }
      }
    }
    List<Rounds> all = new ArrayList<>();
    for (double[][] ofFigure : values) {
      all.add(Rounds.of(ofFigure));
    }
    return all;
  }

  private void add(List<Rounds> rounds, ContestTables tables) {
    List<String> names = contestants.stream().map(Contestant::name).toList();
    for (int figure = 0; figure < figures.size(); figure++) {
      for (int i = 0; i < names.size(); i++) {
        tables.figure(setting.label(), names.get(i), figures.get(figure), rounds.get(figure).of(i));
      }
    }
    for (Goal goal : goals) {
      int ours = names.indexOf(goal.ours());
      int peer = names.indexOf(goal.peer());
      Rounds ofFigure = rounds.get(figures.indexOf(goal.figure()));
      Samples found = peer < 0 ? ofFigure.of(ours) : ofFigure.ratios(ours, peer);
      tables.ratio(setting.label(), goal, found);
    }
  }
}
