using Microsoft.Extensions.Logging;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>
/// Provides the policy in force and reloads it after a change. A policy that cannot be loaded never takes effect. The source is
/// compared at intervals; a hint of its watch only makes this faster.
/// </summary>
internal sealed class PolicyStore : IDisposable
{
    /// <summary>How often the source is compared. A change is promised to be seen within 5 seconds.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly Lock _reloadLock = new();
    private readonly IPolicySource _source;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly ITimer? _compareTimer;
    private readonly ITimer? _settleTimer;
    private readonly IPolicyWatch? _watch;
    private volatile CompiledPolicy _current;

    /// <summary>The text that was last loaded or refused.</summary>
    private byte[] _seen;
    private Exception? _refusal;
    private bool _isUnreadable;

    /// <summary>Whether a comparison has found a change that must first stay the same for the delay.</summary>
    private bool _isSettling;
    private byte[]? _settling;
    private long _settlingSince;
    private volatile bool _isHinted;
    private volatile Exception? _lastReloadError;
    private bool _disposed;

    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public PolicyStore(IPolicySource source, LocalPolicyOptions options, TimeProvider time, ILogger logger)
    {
        (_source, _logger, _time, _delay) = (source, logger, time, options.ReloadDelay);
        _seen = source.Read();
        _current = Load(_seen);
        if (!options.ReloadOnChange)
        {
            return;
        }

        _settleTimer = time.CreateTimer(static store => ((PolicyStore)store!).Settle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watch = source.Watch(() =>
        {
            _isHinted = true;
            _settleTimer.Change(_delay, Timeout.InfiniteTimeSpan);
        });
        if (_watch is not null)
        {
            if (_watch.Error is { } error)
            {
                PolicyLog.ComparedOnly(_logger, _source.Name, s_interval, error);
            }

            _compareTimer = time.CreateTimer(static store => ((PolicyStore)store!).Compare(), this, s_interval, s_interval);
        }
    }

    /// <summary>Gets why the last reload failed; <see langword="null"/> if it did not.</summary>
    public Exception? LastReloadError => _lastReloadError;

    /// <summary>Gets the policy in force.</summary>
    public CompiledPolicy Current => _current;

    /// <summary>Reads the source again. If the policy cannot be loaded, an error is logged and the one before stays in force.</summary>
    public void Reload()
    {
        lock (_reloadLock)
        {
            if (!_disposed)
            {
                Apply(Read(out var error), error, logAgain: true);
            }
        }
    }

    public void Dispose()
    {
        lock (_reloadLock)
        {
            _disposed = true;
        }

        _watch?.Dispose();
        _compareTimer?.Dispose();
        _settleTimer?.Dispose();
    }

    /// <summary>Compares the source with what was seen last, in case no hint has come.</summary>
    private void Compare()
    {
        // If the storage is slower than the interval, the comparisons do not queue up.
        if (!_reloadLock.TryEnter())
        {
            return;
        }

        try
        {
            if (_disposed)
            {
                return;
            }

            var text = Read(out var error);
            if (text is null ? _isUnreadable : !_isUnreadable && text.AsSpan().SequenceEqual(_seen))
            {
                _isSettling = false;
            }
            else if (!_isSettling || !IsSame(text, _settling))
            {
                WaitUntilSettled(text);
                if (!_isHinted)
                {
                    _watch!.Renew();
                }
            }
            else if (_time.GetElapsedTime(_settlingSince) >= _delay)
            {
                // Hints that come again and again move the timer on, although the text stays the same.
                Apply(text, error);
            }
        }
        finally
        {
            _reloadLock.Exit();
        }
    }

    /// <summary>Reads the source after a hint or a comparison, when the delay is over.</summary>
    private void Settle()
    {
        lock (_reloadLock)
        {
            if (_disposed)
            {
                return;
            }

            _isHinted = false;
            var text = Read(out var error);
            if (_isSettling && !IsSame(text, _settling))
            {
                WaitUntilSettled(text);
            }
            else
            {
                Apply(text, error);
            }
        }
    }

    private void WaitUntilSettled(byte[]? text)
    {
        (_isSettling, _settling, _settlingSince) = (true, text, _time.GetTimestamp());
        _settleTimer!.Change(_delay, Timeout.InfiniteTimeSpan);
    }

    private static bool IsSame(byte[]? left, byte[]? right) =>
        left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    /// <summary>Loads the text if it is another one. An outage, and a text that is refused, are logged once.</summary>
    private void Apply(byte[]? text, Exception? error, bool logAgain = false)
    {
        (_isSettling, _settling) = (false, null);
        if (text is null)
        {
            if (!_isUnreadable || logAgain)
            {
                PolicyLog.ReloadRefused(_logger, _source.Name, error!);
            }

            _isUnreadable = true;
            _lastReloadError = error;
            return;
        }

        if (_isUnreadable)
        {
            _isUnreadable = false;
            PolicyLog.ReadableAgain(_logger, _source.Name);
        }

        if (text.AsSpan().SequenceEqual(_seen) && !(logAgain && _refusal is not null))
        {
            _lastReloadError = _refusal;
            return;
        }

        _seen = text;
        try
        {
            _current = Load(text);
            _refusal = null;
        }
        catch (Exception e)
        {
            // An exception in a timer callback would end the process.
            _refusal = e;
            PolicyLog.ReloadRefused(_logger, _source.Name, e);
        }

        _lastReloadError = _refusal;
    }

    private byte[]? Read(out Exception? error)
    {
        try
        {
            error = null;
            return _source.Read();
        }
        catch (Exception e)
        {
            error = e;
            return null;
        }
    }

    private CompiledPolicy Load(byte[] text)
    {
        var policy = PolicyLoader.Load(_source.Name, text);
        PolicyLog.Loaded(_logger, policy.Id ?? "without id", policy.Version ?? "without version", policy.RuleCount, _source.Name);
        if (policy.RuleCount == 0)
        {
            PolicyLog.NoRules(_logger, _source.Name);
        }

        return policy;
    }
}
