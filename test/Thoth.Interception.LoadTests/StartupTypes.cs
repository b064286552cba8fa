using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;

namespace Thoth.Interception.LoadTests;

/// <summary>Makes an assembly with many interfaces of five methods, each with a class that implements it, and loads it as a file would be loaded.</summary>
internal static class StartupTypes
{
    public const string Namespace = "Startup";

    private static readonly (string Name, Type Result, (string Name, Type Type)[] Parameters)[] s_methods =
    [
        ("FindAsync", typeof(Task<string>), [("query", typeof(string)), ("limit", typeof(int)), ("cancellationToken", typeof(CancellationToken))]),
        ("Get", typeof(string), [("id", typeof(Guid))]),
        ("SaveAsync", typeof(Task), [("id", typeof(Guid)), ("text", typeof(string)), ("tags", typeof(List<string>))]),
        ("Delete", typeof(void), [("id", typeof(Guid)), ("force", typeof(bool))]),
        ("CountAsync", typeof(ValueTask<int>), [("since", typeof(DateTimeOffset)), ("until", typeof(DateTimeOffset?))]),
    ];

    public static (Type Tools, Type Implementation)[] Make(int count)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Thoth.Interception.LoadTests.Startup"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(Namespace);
        for (var i = 0; i < count; i++)
        {
            var tools = module.DefineType($"{Namespace}.IService{i}", TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract);
            var implementation = module.DefineType($"{Namespace}.Service{i}", TypeAttributes.Public | TypeAttributes.Sealed, typeof(object), [tools]);
            foreach (var method in s_methods)
            {
                Define(tools, method, MethodAttributes.Abstract);
                EmitDefault(Define(implementation, method, MethodAttributes.Final).GetILGenerator(), method.Result);
            }

            implementation.DefineDefaultConstructor(MethodAttributes.Public);
            tools.CreateType();
            implementation.CreateType();
        }

        using var file = new MemoryStream();
        assembly.Save(file);
        file.Position = 0;
        var loaded = AssemblyLoadContext.Default.LoadFromStream(file);
        return [.. Enumerable.Range(0, count).Select(i => (loaded.GetType($"{Namespace}.IService{i}")!, loaded.GetType($"{Namespace}.Service{i}")!))];
    }

    private static MethodBuilder Define(TypeBuilder type, (string Name, Type Result, (string Name, Type Type)[] Parameters) method, MethodAttributes kind)
    {
        var made = type.DefineMethod(
            method.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot | kind,
            method.Result, Array.ConvertAll(method.Parameters, static parameter => parameter.Type));
        for (var i = 0; i < method.Parameters.Length; i++)
        {
            made.DefineParameter(i + 1, ParameterAttributes.None, method.Parameters[i].Name);
        }

        return made;
    }

    private static void EmitDefault(ILGenerator code, Type result)
    {
        if (result.IsValueType && result != typeof(void))
        {
            code.Emit(OpCodes.Ldloca, code.DeclareLocal(result));
            code.Emit(OpCodes.Initobj, result);
            code.Emit(OpCodes.Ldloc_0);
        }
        else if (result == typeof(Task<string>))
        {
            code.Emit(OpCodes.Ldstr, "found");
            code.Emit(OpCodes.Call, typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(typeof(string)));
        }
        else if (result == typeof(Task))
        {
            code.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        }
        else if (result == typeof(string))
        {
            code.Emit(OpCodes.Ldstr, "text");
        }

        code.Emit(OpCodes.Ret);
    }
}
