internal import NIOPosix

/// Threads on which the controller reads and judges, so that it never holds up a review: reviews are answered on the event loops, which are
/// the executor of all other tasks, and no pass over a cluster can be interrupted.
///
/// One thread judges, the other takes what the watches tell meanwhile: a grant counts for admissions though a pass goes on.
final class BackgroundThreads: TaskExecutor {
    /// For the whole process, never stopped: whoever still waits for one of its tasks must see it end.
    static let shared = BackgroundThreads()

    private let pool = NIOThreadPool(numberOfThreads: 2)

    private init() { pool.start() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs a task and its children here.
    static func run<T, E: Error>(_ body: () async throws(E) -> T) async throws(E) -> T {
        try await withTaskExecutorPreference(shared, operation: body)
    }
}
