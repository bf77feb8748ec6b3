/// How one rank of a launched job ended, as the shell beside it says.
///
/// A launcher ends all ranks when one dies, and MPICH 4.0's loses then, or when it has handed a
/// signal on, who was first and what ranks returned. A shell that waits for its rank knows, and the
/// launcher learns of the end only when the shell ends too.
struct RankEnd: Equatable {
  private static let mark = "adabatch-rank-end"

  let rank: Int
  let host: String
  /// The rank's exit code, or 128 and the signal that ended it.
  let code: Int32

  /// The words behind which a rank's own come.
  ///
  /// Launchers send signals to the shell as well, which has to outlive its rank. Its own stderr is
  /// shut, for it would say "Killed" there.
  static let shell = [
    "/bin/sh", "-c",
    """
    trap : INT TERM; exec 3>&2 2>/dev/null; (exec "$@" 2>&3 3>&-); code=$?; \
    echo "\(mark) ${PMI_RANK:-${OMPI_COMM_WORLD_RANK:-$SLURM_PROCID}} $(uname -n) $code"; exit $code
    """, "sh",
  ]

  init(rank: Int, host: String, code: Int32) {
    (self.rank, self.host, self.code) = (rank, host, code)
  }

  /// nil for any other line.
  init?(line: String) {
    let words = line.split(separator: " ")
    guard words.count == 4, words[0] == Self.mark, let rank = Int(words[1]),
      let code = Int32(words[3])
    else { return nil }
    self.init(rank: rank, host: String(words[2]), code: code)
  }
}
