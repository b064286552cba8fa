using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>A policy source whose text the test changes.</summary>
internal sealed class FakePolicySource(string text) : IPolicySource
{
    private Action? _changed;

    public string Name => "fake.json";

    public string? Text { get; set; } = text;

    public int Reads { get; private set; }

    public byte[] Read()
    {
        Reads++;
        return Text is null
            ? throw new PolicyLoadException(Name, [new PolicyLoadError { Line = 0, Column = 0, Key = "", Message = "gone" }])
            : Encoding.UTF8.GetBytes(Text);
    }

    /// <summary>Gets how often the watch was renewed.</summary>
    public int Renewals { get; private set; }

    public IPolicyWatch? Watch(Action changed)
    {
        _changed = changed;
        return new FakeWatch(this);
    }

    public void SignalChange() => _changed?.Invoke();

    private sealed class FakeWatch(FakePolicySource source) : IPolicyWatch
    {
        public Exception? Error => null;

        public void Renew() => source.Renewals++;

        public void Dispose() => source._changed = null;
    }
}
