namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Reads or changes held calls.</summary>
/// <param name="run">Runs on the table in the transaction of its group.</param>
internal sealed class HeldCallWork<T>(Func<HeldCallTable, T> run) : OutboxWorkWithResult<T>
{
    private T _result = default!;

    public override void Write(OutboxStore store) => _result = run(store.HeldCalls);

    protected override T Result(OutboxStore store) => _result;
}
