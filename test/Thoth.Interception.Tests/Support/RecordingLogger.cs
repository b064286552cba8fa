using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Tests;

/// <summary>Keeps every message with its exception, from a level upwards.</summary>
internal sealed class RecordingLogger(LogLevel from) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {state} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
