package daemon

// permissionsCount is false where the mode of a file says nothing: who may read it stands in its access list.
const permissionsCount = false
