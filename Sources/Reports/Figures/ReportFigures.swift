/// All figures that some runs are good for, in the order of a page.
///
/// - Parameter runs: those of all groups, under names that tell them apart.
func reportFigures(_ groups: [RunGroup], of runs: [ReportRun]) -> [Figure] {
  let curves = groups.flatMap { group in
    let suffix = groups.count > 1 ? "-" + group.slug : ""
    return CurveFigures(group: group, suffix: suffix).figures
      + [
        SpeedupFigure(group: group, suffix: suffix).figure,
        TimeFigure(group: group, suffix: suffix).figure,
      ].compactMap(\.self)
  }
  let all =
    [NetworksFigure(groups: groups).figure] + curves
    + [NoiseFigure(runs: runs).figure, ConfusionFigure(runs: runs).figure]
  return all.compactMap(\.self)
}
