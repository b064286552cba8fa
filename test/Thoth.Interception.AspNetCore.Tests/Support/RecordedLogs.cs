using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.AspNetCore.Tests.Support;

/// <summary>Records what a host logs.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Message)> _entries = new();

    public IEnumerable<string> At(LogLevel level) =>
        _entries.Where(entry => entry.Level >= level).Select(entry => $"{entry.Category}: {entry.Message}");

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLogs owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._entries.Enqueue((category, logLevel, $"{formatter(state, exception)} {exception?.GetType().Name}"));
    }
}
