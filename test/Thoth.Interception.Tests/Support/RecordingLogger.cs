using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Tests.Support;

/// <summary>Keeps what is logged, from a level upwards.</summary>
internal class RecordingLogger(LogLevel from) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly ConcurrentQueue<string> _everything = new();

    /// <summary>The formatted messages.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Messages, their state and their exceptions: whatever a provider could write somewhere.</summary>
    public string Text => string.Join('\n', _everything);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var message = formatter(state, exception);
            _messages.Enqueue(message);
            _everything.Enqueue($"{logLevel} {message} {state} {exception}");
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>The same for one category, from Debug upwards.</summary>
internal sealed class RecordingLogger<T>() : RecordingLogger(LogLevel.Debug), ILogger<T>;
